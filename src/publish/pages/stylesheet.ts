import { type Html, rawHtml } from './html.ts';

/**
 * The one stylesheet of the public pages, embedded so that a page saved or mirrored alone still looks right. Every pair
 * of text and ground has a contrast of at least 4.5 to 1 in both schemes.
 */
const css = `
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--line:#dfe3e9;--text:#1a2029;--soft:#566070;--link:#0b57a4;
--done:#0b6637;--done-bg:#e3f4ea;--fail:#a01a2c;--fail-bg:#fde9ec;--run:#0b4f94;--run-bg:#e4effb;--wait:#525b69;--wait-bg:#eceff3;
--part:#7a4a00;--part-bg:#fdf0d6}
@media (prefers-color-scheme:dark){:root{--ground:#101317;--card:#181c22;--line:#2c333d;--text:#e7ebf0;--soft:#a4aebc;--link:#8cc0ff;
--done:#7ddba3;--done-bg:#12301f;--fail:#ff9dab;--fail-bg:#3c161d;--run:#93c5ff;--run-bg:#12283f;--wait:#b3bcc8;--wait-bg:#262c35;
--part:#f2c572;--part-bg:#35270c}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
-webkit-text-size-adjust:100%}
.page{max-width:68rem;margin:0 auto;padding:2rem 1.5rem 3rem}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.02em;margin:.2rem 0 .6rem;overflow-wrap:anywhere;text-wrap:balance}
h2{font-size:.95rem;font-weight:650;color:var(--soft);margin:2.2rem 0 .6rem}
p{margin:.4rem 0}ul{list-style:none;margin:0;padding:0}
em{font-style:normal;color:var(--soft)}.crumbs,.soft,.updates,.exact,footer{color:var(--soft)}.crumbs{font-size:.9rem}
.facts{display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;align-items:center;margin:.4rem 0}
.notice{background:var(--part-bg);color:var(--part);border-left:4px solid currentColor;border-radius:4px;padding:.65rem .9rem;margin:1rem 0;overflow-wrap:anywhere}
.state span,.status,.wikis>li>span{display:inline-block;border-radius:99px;padding:.1em .7em;font-size:.84rem;font-weight:600;white-space:nowrap;
color:var(--wait);background:var(--wait-bg)}
.state .done,.done>.status,.wikis>li>.done{color:var(--done);background:var(--done-bg)}
.state .in-progress,.in-progress>.status,.wikis>li>.in-progress{color:var(--run);background:var(--run-bg)}
.state .partial-dump,.wikis>li>.partial-dump{color:var(--part);background:var(--part-bg)}
.state .failed,.failed>.status,.wikis>li>.failed{color:var(--fail);background:var(--fail-bg)}
.jobs,.wikis{background:var(--card);border:1px solid var(--line);border-radius:10px}
.jobs>li{display:grid;grid-template-columns:7rem minmax(0,1fr) auto;grid-template-areas:"status title updates" ". files files" ". progress progress";
column-gap:.9rem;padding:.75rem 1rem}
.jobs>li+li,.wikis>li+li{border-top:1px solid var(--line)}
.status{grid-area:status;justify-self:start;align-self:start}.title{grid-area:title;text-wrap:pretty}
.updates{grid-area:updates;font-size:.84rem;line-height:1.8;font-variant-numeric:tabular-nums;white-space:nowrap}
.jobs>li>ul{grid-area:files}.progress{grid-area:progress;color:var(--run);font-size:.9rem;font-variant-numeric:tabular-nums}
.file,.missing,.writing{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:baseline;padding:.22rem 0;font-size:.9rem;
font-variant-numeric:tabular-nums}
.file>a,.name,.missing{flex:1 1 20rem;min-width:0;overflow-wrap:anywhere;font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.86rem}
.missing,.writing{color:var(--soft)}
.exact{font-size:.84rem;min-width:10.5rem;text-align:right}.sums{display:inline-flex;gap:.6rem;font-size:.84rem}
.wikis>li{display:flex;flex-wrap:wrap;align-items:baseline;padding:.6rem 1rem;font-variant-numeric:tabular-nums;white-space:pre-wrap;color:var(--soft)}
.wikis>li>a{font-weight:600;overflow-wrap:anywhere}.wikis>li>span{margin-left:auto}
.wikis>li>ul{flex:1 0 100%;font-size:.9rem;padding:.15rem 0 0}.wikis li li{padding:.05rem 0}
.wikis li li .status{display:none}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.9rem}
footer p,.links{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
@media (max-width:40rem){.page{padding:1.2rem 1rem 2rem}h1{font-size:1.5rem}
.jobs>li{grid-template-columns:auto 1fr;grid-template-areas:"status updates" "title title" "files files" "progress progress";row-gap:.3rem}
.updates{justify-self:end}.file>a,.name{flex-basis:100%}.exact{min-width:0}.sums{margin-left:auto}.file{padding:.4rem 0}
.wikis>li{display:block;white-space:normal}.wikis>li>span{margin-left:0}}
@media print{.sums,.crumbs{display:none}body{background:#fff}}
`;

export const stylesheet: Html = rawHtml(css);
