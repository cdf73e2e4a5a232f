/**
 * What makes tables sort and filter: a constant of this program, so that a page's policy can name its hash. Without it
 * the tables are whole and readable. Cells sort by `data-v` where they have it, as numbers if both are.
 */
export const tableScript = `
document.querySelectorAll('table.sortable').forEach(function(table){
  var body=table.tBodies[0],heads=table.tHead.rows[0].cells;
  function value(row,i){var c=row.cells[i];return c.hasAttribute('data-v')?c.getAttribute('data-v'):c.textContent.trim()}
  Array.prototype.forEach.call(heads,function(th,i){
    var button=document.createElement('button');button.type='button';
    while(th.firstChild)button.appendChild(th.firstChild);th.appendChild(button);
    button.addEventListener('click',function(){
      var down=th.getAttribute('aria-sort')==='ascending';
      Array.prototype.forEach.call(heads,function(h){h.removeAttribute('aria-sort')});
      th.setAttribute('aria-sort',down?'descending':'ascending');
      var rows=Array.prototype.slice.call(body.rows);
      rows.sort(function(a,b){var x=value(a,i),y=value(b,i),p=parseFloat(x),q=parseFloat(y);
        if(x===''||y==='')return x===y?0:x===''?1:-1;
        var o=/^-?[0-9.]+$/.test(x)&&/^-?[0-9.]+$/.test(y)?p-q:x.localeCompare(y);return down?-o:o});
      rows.forEach(function(r){body.appendChild(r)});
    });
  });
  var box=document.querySelector('[data-filter="'+table.id+'"]');if(!box)return;
  box.hidden=false;var input=box.querySelector('input'),out=box.querySelector('output'),all=body.rows.length;
  input.addEventListener('input',function(){
    var words=input.value.toLowerCase().split(/\\s+/).filter(Boolean),shown=0;
    Array.prototype.forEach.call(body.rows,function(r){
      var text=r.textContent.toLowerCase(),fits=words.every(function(w){return text.indexOf(w)>=0});
      r.hidden=!fits;if(fits)shown++});
    out.textContent=words.length?shown+' of '+all+' shown':'';
  });
});
`;
