/** Titles that people do give tasks, and some that someone might. */
export const hostileTitles: readonly string[] = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `</title><b>bold</b>`,
  `' onmouseover='alert(1)`,
  `=HYPERLINK("http://example.org","click")`,
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  `-2+3+cmd|' /C calc'!A0`,
  `$(touch /tmp/pwned) \`id\` \${HOME}`,
  `\u202Egnp.exe \u2066turned\u202C`,
  `שלום עולם and العربية in one`,
  `👨‍👩‍👧‍👦 🇬🇷 emoji 🎉`,
  `]]> <!-- comment --> &amp; &#60;`,
  `tab\there, line\nbreak, nul\u0000, bell\u0007`,
  `half a pair \uD83D`,
  `a\u0301\u0301\u0301 combining, zero\u200Bwidth`,
  `Averyveryverylongwordwithoutanyspaceinit${'x'.repeat(200)}`,
];
