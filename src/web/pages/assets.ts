/** Contrast of every pair of text and ground is at least 4.5 to 1 in both schemes. */
export const styleSheet = `:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--line:#d6dbe2;--text:#1a2029;--soft:#566070;--link:#0b57a4;
--good:#0b6637;--good-bg:#e3f4ea;--bad:#a01a2c;--bad-bg:#fde9ec;--run:#0b4f94;--run-bg:#e4effb;--wait:#525b69;--wait-bg:#eceff3;--care:#7a4a00;--care-bg:#fdf0d6}
@media (prefers-color-scheme:dark){:root{--ground:#101317;--card:#181c22;--line:#323a45;--text:#e7ebf0;--soft:#a4aebc;--link:#8cc0ff;
--good:#7ddba3;--good-bg:#12301f;--bad:#ff9dab;--bad-bg:#3c161d;--run:#93c5ff;--run-bg:#12283f;--wait:#b3bcc8;--wait-bg:#262c35;--care:#f2c572;--care-bg:#35270c}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
.bar,main,#live-state{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header{background:var(--card);border-bottom:1px solid var(--line)}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem 1.5rem;padding-block:.6rem}
.brand{font-weight:700;color:var(--text);text-decoration:none;letter-spacing:-.01em}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem .3rem;list-style:none;margin:0;padding:0}
nav a{display:block;padding:.25rem .6rem;border-radius:6px;color:var(--text);text-decoration:none}
nav a:hover{background:var(--wait-bg)}nav a[aria-current]{background:var(--run-bg);color:var(--run);font-weight:600}
.who{margin-left:auto;font-size:.9rem}.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:1}
main{padding-block:1.5rem 1rem;outline:none}#live-state{padding-bottom:2rem;font-size:.85rem;min-height:1.5em}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em}a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
h1{font-size:1.7rem;line-height:1.2;letter-spacing:-.02em;margin:.2rem 0 .5rem;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
p{margin:.35rem 0}.soft{color:var(--soft)}.crumbs{font-size:.9rem;color:var(--soft)}
.facts{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;font-variant-numeric:tabular-nums}
.notice{background:var(--care-bg);color:var(--care);border-left:4px solid currentColor;border-radius:4px;padding:.6rem .9rem;overflow-wrap:anywhere}
.why{font-size:.92rem;color:var(--bad);font-weight:400;overflow-wrap:anywhere;max-width:70ch}
.chip{display:inline-block;border-radius:99px;padding:.05em .65em;font-size:.84rem;font-weight:600;white-space:nowrap;color:var(--wait);background:var(--wait-bg)}
.chip.done,.chip.approved,.chip.promoted{color:var(--good);background:var(--good-bg)}.chip.running,.chip.promoting{color:var(--run);background:var(--run-bg)}
.chip.failed,.chip.stopped,.chip.rejected,.chip.missing{color:var(--bad);background:var(--bad-bg)}.chip.restored,.chip.held,.chip.done-with-errors,.chip.retrying,.chip.paused{color:var(--care);background:var(--care-bg)}
.cards,.plain{list-style:none;margin:0;padding:0}.cards>li{background:var(--card);border:1px solid var(--line);padding:.65rem .9rem;overflow-wrap:anywhere}
.cards>li:not(:first-child){border-top:0}.cards>li:first-child{border-radius:8px 8px 0 0}.cards>li:last-child{border-radius:0 0 8px 8px}.cards>li:only-child{border-radius:8px}
.plain>li{padding:.12rem 0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;margin:.3rem 0 .8rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.94rem}
th,td{text-align:left;padding:.4rem .8rem;border-top:1px solid var(--line);vertical-align:top;white-space:nowrap}thead th{border-top:0;font-size:.84rem;color:var(--soft);font-weight:600}
tbody th{font-weight:600}tbody th .why{white-space:normal;min-width:16rem}.number{text-align:right}td a.cell{text-decoration:none;color:var(--text)}td a.cell:hover{text-decoration:underline}
.progress{display:flex;flex-wrap:wrap;gap:.1rem .8rem;align-items:center;font-size:.9rem;font-variant-numeric:tabular-nums}
progress{flex:1 1 12rem;height:.6rem;accent-color:var(--run)}.progress span{flex:3 1 18rem}
.stages td:last-child{min-width:14rem;width:45%}.span{display:block;width:100%;height:.9rem;margin-top:.3rem}.span rect{fill:var(--wait)}.span .done{fill:var(--good)}.span .running{fill:var(--run)}.span .failed,.span .stopped{fill:var(--bad)}.span .retrying,.span .held,.span .done-with-errors,.span .paused{fill:var(--care)}
figure{margin:.5rem 0}figure svg{width:100%;max-width:44rem;height:auto}figure rect{fill:var(--run)}figure .axis{stroke:var(--line)}figure text{font-size:12px;fill:var(--text)}figure text.soft{fill:var(--soft)}figcaption{font-size:.85rem}
pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;overflow:auto;max-height:26rem;font:.84rem/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
code{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.92em}
button,select,input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:.25rem .7rem}
button{cursor:pointer}button:hover{background:var(--wait-bg)}button.approve,button.resume{border-color:var(--good);color:var(--good)}button.cancel,button.reject{border-color:var(--bad);color:var(--bad)}
.hosts tbody th{position:sticky;left:0;background:var(--card);white-space:normal}
.actions,.filter{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.8rem 0}.who button{font-size:.85rem;padding:.1rem .5rem}.sign-in label{display:block;margin:.5rem 0}.sign-in input{width:min(30rem,100%);display:block}
textarea{width:100%;font:.88rem/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:.6rem .8rem;white-space:pre;overflow:auto;resize:vertical}.editor label{display:block;margin:.8rem 0 .3rem;font-weight:600}button:disabled{color:var(--soft);border-style:dashed;cursor:not-allowed}.said{white-space:pre-wrap}
details{margin:1.5rem 0}summary{cursor:pointer}
@media (max-width:40rem){.bar,main,#live-state{padding-inline:.9rem}h1{font-size:1.4rem}th,td{padding:.35rem .55rem}.who{margin-left:0}.stages td:last-child{min-width:5rem;width:auto}.stages th,.stages td{padding-inline:.45rem}}
@media print{header,.actions,.filter,#live-state{display:none}}
`;

/**
 * Asks for the page's new content when the server says that something changed. What the reader does (focus, open
 * details, a half-written field, scrolling inside) stays as it is.
 */
export const liveScript = `'use strict';
(() => {
  const main = document.querySelector('main[data-live]');
  const state = document.getElementById('live-state');
  if (!main || !window.EventSource) return;
  // Of a log the last lines are what one looks for.
  const toEnd = () => main.querySelectorAll('pre').forEach((one) => { one.scrollTop = one.scrollHeight; });
  const isAtEnd = () => [...main.querySelectorAll('pre')].every((one) => one.scrollTop + one.clientHeight >= one.scrollHeight - 4);
  toEnd();
  let busy = false, again = false;
  const editing = () => main.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
  const refresh = async () => {
    if (busy || document.hidden || editing()) { again = true; return; }
    busy = true; again = false;
    try {
      const answer = await fetch(location.href, { headers: { 'Rota-Part': 'main' }, credentials: 'same-origin' });
      if (answer.ok) {
        const atEnd = isAtEnd();
        const open = [...main.querySelectorAll('details')].map((one) => one.open);
        const scrolled = [...main.querySelectorAll('.scroll, pre')].map((one) => [one.scrollLeft, one.scrollTop]);
        const focus = focusPath();
        main.innerHTML = await answer.text();
        [...main.querySelectorAll('details')].forEach((one, i) => { one.open = open[i] ?? false; });
        [...main.querySelectorAll('.scroll, pre')].forEach((one, i) => { if (scrolled[i]) [one.scrollLeft, one.scrollTop] = scrolled[i]; });
        if (atEnd) toEnd();
        if (focus) main.querySelectorAll(focus[0])[focus[1]]?.focus({ preventScroll: true });
        state.textContent = '';
      }
    } catch { state.textContent = 'The server does not answer; what is shown may be old.'; }
    busy = false;
    if (again) setTimeout(refresh, 1000);
  };
  const focusPath = () => {
    const one = document.activeElement;
    if (!one || one === main || !main.contains(one)) return null;
    return [one.tagName, [...main.querySelectorAll(one.tagName)].indexOf(one)];
  };
  let seen = null, stream = null;
  const open = () => {
    stream = new EventSource('/api/v1/events');
    stream.addEventListener('opened', (event) => { if (seen !== null && seen !== event.data) refresh(); seen = event.data; state.textContent = ''; });
    stream.addEventListener('changed', (event) => { seen = event.data; refresh(); });
    stream.onerror = () => { state.textContent = 'The connection is lost; it is tried again.'; };
  };
  open();
  document.addEventListener('visibilitychange', () => { if (!document.hidden && again) refresh(); });
  window.addEventListener('pagehide', () => stream.close());
})();
`;
