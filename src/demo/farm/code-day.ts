import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The folder of the demonstration farm's code, relative to the farm's. */
export const codeFolder = 'code';

/** Files of the invented code that never change: enough of them that a deployment of one changed file shows. */
const extensions = [
  'Almanac',
  'Compost',
  'Greenhouse',
  'Herbarium',
  'Orchard',
  'Pond',
  'Seedbank',
  'Trellis',
];
const languages = ['de', 'el', 'en', 'fr', 'nl', 'pl'];

/** Writes the code tree of the demonstration farm as it is on a day: a small extension farm, of which a few files change. */
export async function writeCodeDay(farmFolder: string, date: string): Promise<void> {
  const root = join(farmFolder, codeFolder);
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  if (!(await exists(join(root, 'index.php')))) {
    await write('index.php', "<?php\nrequire __DIR__ . '/includes/Setup.php';\nrunTheWiki();\n");
    await write('includes/Setup.php', '<?php\nfunction runTheWiki() {\n\techo WIKI_RELEASE;\n}\n');
    for (const name of extensions) {
      await write(
        `extensions/${name}/extension.json`,
        `${JSON.stringify({ name, manifest_version: 2 }, null, '\t')}\n`,
      );
      await write(`extensions/${name}/${name}.php`, `<?php\nclass ${name} {\n}\n`);
      for (const language of languages) {
        const messages = { [`${name.toLowerCase()}-title`]: `${name} (${language})` };
        await write(`extensions/${name}/i18n/${language}.json`, `${JSON.stringify(messages, null, '\t')}\n`);
      }
    }
  }
  await write('includes/Release.php', `<?php\nconst WIKI_RELEASE = '${date}';\n`);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
