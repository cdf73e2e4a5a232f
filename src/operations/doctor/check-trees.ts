import { randomBytes } from 'node:crypto';
import { access, constants, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../publish/files/file-failure.ts';
import { isInside, type Tree, type Trees } from '../../publish/workspace/tree.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const area = 'trees';

/** Looks at both trees and their work folders without making them: who runs the doctor need not be who runs Rota. */
export async function checkTrees(trees: Trees): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const folders = [trees.public, trees.private].flatMap((tree) => [
    { name: `the ${tree.audience} tree`, path: tree.root },
    { name: `the ${tree.audience} work folder`, path: tree.workRoot },
  ]);
  for (const [i, a] of folders.entries()) {
    for (const b of folders.slice(i + 1)) {
      // Both trees may have one work folder: it is served with neither.
      if (a.path === b.path && a.path !== trees.public.root && a.path !== trees.private.root) continue;
      if (!isInside(a.path, b.path) && !isInside(b.path, a.path)) continue;
      const what = `${a.name} ${a.path} and ${b.name} ${b.path} lie one in the other`;
      findings.push(
        fault(
          area,
          'TREES_NESTED',
          what,
          'Put them side by side: what is unfinished or private must not be served.',
        ),
      );
    }
  }
  for (const tree of [trees.public, trees.private]) findings.push(...(await checkTree(tree)));
  return findings;
}

async function checkTree(tree: Tree): Promise<readonly Finding[]> {
  const name = `the ${tree.audience} tree ${tree.root}`;
  const [root, work] = await Promise.all([statOrNull(tree.root), statOrNull(tree.workRoot)]);
  if (root === null || work === null) {
    const missing = root === null ? tree.root : tree.workRoot;
    const above = await firstThatExists(dirname(missing));
    const mayMake = await mayWrite(above);
    return [
      mayMake
        ? ok(area, `${missing} is not there yet; the first dump makes it`)
        : fault(
            area,
            'TREE_NOT_WRITABLE',
            `${missing} is not there and cannot be made in ${above}`,
            `Make it, owned by the user that runs Rota.`,
          ),
    ];
  }
  if (!root.isDirectory() || !work.isDirectory()) {
    return [
      fault(area, 'TREE_NO_FOLDER', `${name} or its work folder is no folder`, 'Move what is there away.'),
    ];
  }
  if (root.dev !== work.dev) {
    const what = `${name} and its work folder ${tree.workRoot} are on different file systems`;
    return [
      fault(
        area,
        'TREE_OTHER_DISK',
        what,
        'Set output.work to a folder on the file system of the tree: publishing is a rename.',
      ),
    ];
  }
  const findings: Finding[] = [];
  if (tree.audience === 'private' && (root.mode & 0o007) !== 0) {
    findings.push(
      warning(
        area,
        'TREE_OPEN_TO_ALL',
        `${name} can be read by everybody on this machine`,
        `chmod o= ${tree.root}`,
      ),
    );
  }
  if ((work.mode & 0o077) !== 0) {
    findings.push(
      warning(
        area,
        'TREE_OPEN_TO_ALL',
        `${tree.workRoot} can be entered by others`,
        `chmod 700 ${tree.workRoot}`,
      ),
    );
  }
  return [...findings, await tryRename(tree, name)];
}

/** What publishing does: a file written in the work folder is renamed into the tree. */
async function tryRename(tree: Tree, name: string): Promise<Finding> {
  const probe = `.rota-doctor-${randomBytes(6).toString('hex')}`;
  const [from, to] = [join(tree.workRoot, probe), join(tree.root, probe)];
  try {
    await writeFile(from, 'written by rota doctor, may be removed\n', { mode: 0o600 });
    await rename(from, to);
    return ok(area, `${name} takes files from its work folder`);
  } catch (error) {
    const remedy = `Give ${tree.root} and ${tree.workRoot} to the user that runs Rota.`;
    return fault(
      area,
      'TREE_NOT_WRITABLE',
      `a file cannot be published in ${name} (${systemCode(error) ?? String(error)})`,
      remedy,
    );
  } finally {
    await rm(from, { force: true }).catch(() => {});
    await rm(to, { force: true }).catch(() => {});
  }
}

export async function firstThatExists(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    if ((await statOrNull(at)) !== null || dirname(at) === at) return at;
  }
}

export async function mayWrite(path: string): Promise<boolean> {
  return await access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function statOrNull(path: string) {
  return await stat(path).catch(() => null);
}
