import { targetStatus } from '../prelude.ts';
import { shellWord } from '../quote.ts';
import { pinScript } from './pin-script.ts';

/**
 * Puts what lies beside a version into a slot in the making, and `rota-pin` beside all slots, whichever way the version's files came.
 * `making` is what the slot is called, `id` the name that it will get.
 */
export const furnish = `show <"$IN/version" >"$R/$id.json" || die ${targetStatus.cannotWrite} "$R/$id.json"
[ -e "$R/$making/VERSION.json" ] || [ -L "$R/$making/VERSION.json" ] || ln -s "../$id.json" "$R/$making/VERSION.json"
# A secret is never readable by others, not even for a moment.
clear "$R/$id.site" "$R/$id.list" "$R/$id.sums"
if [ -s "$IN/list" ]; then
n=0
while IFS='\t' read -r kind mode group path target; do
case $path in */*) mkdir -p "$R/$making/\${path%/*}" ;; esac
if [ "$kind" = f ]; then
file=$R/$id.site/$path; mkdir -p "\${file%/*}"
(umask 077; cat "$IN/file-$n" >"$file"); rm -f "$IN/file-$n"; n=$((n+1))
elif [ "$kind" != c ]; then file=$P-shared/$path; mkdir -p "\${file%/*}"; fi
if [ "$kind" = f ] || { [ "$kind" = d ] && [ ! -d "$file" ]; }; then
[ "$kind" = f ] || mkdir "$file"
[ "$group" = - ] || chgrp "$group" "$file"
chmod "$mode" "$file"
fi
ln -s "$target" "$R/$making/$path"
done <"$IN/list"
cat "$IN/list" >"$R/$id.list"
declared "$making" "$id" new >"$R/$id.sums"
if [ -d "$R/$id.site" ]; then sync -f "$R/$id.site"; fi
fi
pin=${shellWord(pinScript.trimEnd())}
if [ ! -x "$C/rota-pin" ] || [ "$(show <"$C/rota-pin")" != "$pin" ]; then
printf '%s\\n' "$pin" >"$C/rota-pin.new"; chmod 0755 "$C/rota-pin.new"; mv -f "$C/rota-pin.new" "$C/rota-pin"
fi
`;
