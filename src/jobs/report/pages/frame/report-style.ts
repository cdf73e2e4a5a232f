import { chartStyle } from '../../charts/draw/chart-style.ts';

/** What report pages have beyond the style of all public pages. */
const pages = `
.page{max-width:72rem}
.tabs{display:flex;flex-wrap:wrap;gap:.15rem 0;margin:1rem 0 1.6rem;padding:0;border-bottom:1px solid var(--line)}
.tabs a{padding:.4rem .5rem;color:var(--soft);text-decoration:none;border-bottom:2px solid transparent;margin-bottom:-1px;font-size:.93rem}
.tabs a:hover{color:var(--text)}.tabs a[aria-current]{color:var(--text);border-color:var(--link);font-weight:600}
h2{font-size:1.15rem;color:var(--text);letter-spacing:-.01em;margin:2.4rem 0 .7rem}h3{font-size:1rem;margin:1.6rem 0 .4rem}
.lead{font-size:1.12rem;max-width:46rem;text-wrap:pretty}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(13rem,45%),1fr));gap:.8rem;margin:1.2rem 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.8rem 1rem}
.tile p{margin:0;color:var(--soft);font-size:.86rem}.tile strong{display:block;font-size:1.5rem;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums;margin:.1rem 0;font-weight:650}
figure{margin:0 0 1.4rem;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.1rem .8rem;break-inside:avoid}
figcaption :is(h2,h3){margin:0;font-size:1.02rem;letter-spacing:-.01em}figcaption p{margin:.15rem 0 .8rem;color:var(--soft);font-size:.92rem;max-width:52rem;text-wrap:pretty}
figure .chart{display:block;width:100%;height:auto;overflow:visible}.chart.narrow{display:none}
.files{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin-top:.7rem;font-size:.84rem;align-items:baseline}
details{font-size:.9rem}.files>details{order:-1}.files>details[open]{flex-basis:100%;order:3}summary{cursor:pointer;color:var(--link);width:fit-content;padding:.15rem 0}
.scroll{overflow-x:auto;max-width:100%;background:linear-gradient(90deg,var(--card) 40%,transparent) 0 0/2.5rem 100% no-repeat local,linear-gradient(270deg,var(--card) 40%,transparent) 100% 0/2.5rem 100% no-repeat local,linear-gradient(90deg,var(--line),transparent) 0 0/.8rem 100% no-repeat scroll,linear-gradient(270deg,var(--line),transparent) 100% 0/.8rem 100% no-repeat scroll}.scroll:focus-visible{outline-offset:0}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:50%}
th,td{text-align:left;padding:.32rem .8rem .32rem 0;border-bottom:1px solid var(--line);vertical-align:baseline}
th{color:var(--soft);font-weight:600;font-size:.84rem;white-space:nowrap;vertical-align:bottom}td.n,th.n{text-align:right;padding-left:.5rem}td.day{white-space:nowrap}td.t{min-width:16rem;overflow-wrap:anywhere}
td.t-s{min-width:6.5rem;overflow-wrap:break-word}
tbody tr:hover{background:var(--ground)}
th button{all:unset;cursor:pointer;color:inherit;font:inherit}th button:focus-visible{outline:2px solid var(--link);outline-offset:2px}th button::after{content:"↕";opacity:.35;padding-left:.3em}
th[aria-sort=ascending] button::after{content:"↑";opacity:1}th[aria-sort=descending] button::after{content:"↓";opacity:1}
.filter{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin:.6rem 0}.filter[hidden]{display:none}.filter input{font:inherit;padding:.35rem .6rem;border:1px solid var(--soft);border-radius:6px;background:var(--card);color:var(--text);width:18rem;max-width:100%}
.filter output{color:var(--soft);font-size:.88rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.7rem 1.1rem .9rem}.card>.scroll>table{width:100%}.card+.card{margin-top:1rem}.card>h2:first-child,.card>h3:first-child{margin-top:.3rem}
.pager{display:flex;flex-wrap:wrap;gap:.3rem .8rem;margin:.6rem 0;font-size:.92rem}.pager [aria-current]{font-weight:650;text-decoration:none;color:var(--text)}
ol.rules{padding-left:1.4rem;margin:.6rem 0}ol.rules li{margin:.45rem 0;overflow-wrap:anywhere}.bad{color:var(--fail)}
.bar{display:inline-block;width:7rem;height:.5rem;border-radius:99px;background:var(--wait-bg);overflow:hidden;vertical-align:.05em;margin-right:.6rem}.bar i{display:block;height:100%;background:var(--link)}
.boards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem}.boards img{width:100%;height:auto;display:block}
@media (max-width:40rem){.chart.wide{display:none}.chart.narrow{display:block}figure{padding:.8rem .7rem .6rem}.tabs{overflow-x:auto;flex-wrap:nowrap;margin-inline:-1rem;padding-inline:1rem}.tabs a{white-space:nowrap}.tile strong{font-size:1.3rem}td.t{min-width:11rem}.bar{width:2.6rem;margin-right:.4rem}.card{padding-inline:.8rem}th,td{padding-right:.6rem}}
@media print{:root{--ground:#fff;--card:#fff;--line:#cfd4db;--text:#000;--soft:#444c57;--link:#000;color-scheme:light}.tabs,.filter,.files,.pager{display:none}.page{padding:0;max-width:none}figure,.card,.tile{border-color:#cfd4db}.tiles{grid-template-columns:repeat(4,1fr)}
body{font-size:11pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}h2,h3{break-after:avoid}tr{break-inside:avoid}.scroll{overflow:visible;background:none}table{font-size:8pt;width:100%}th{white-space:normal;font-size:7.5pt}th,td,td.n,th.n{padding-inline:0 .35rem}td.t,td.t-s{min-width:0}th button::after,th[aria-sort] button::after{content:none}.chart.wide{display:block}.chart.narrow{display:none}a{text-decoration:none}}
`;

export const reportStyle = chartStyle + pages;
