/**
 * Names the slot that may be made into another version, the one that left service first, if there are as many as are
 * kept: not the served one, not the one before, not pinned (by a file, or by `rota-pin`), out of service for long enough, and in no process's hands
 * (working directory, program, mapped file). What cannot be looked at counts as in use unless told otherwise.
 */
export const findRecyclable = `recyclable() {
count=0 best= bestleft=
for mark in "$R"/*.commit; do [ ! -d "\${mark%.commit}" ] || count=$((count+1)); done
[ "$count" -ge "$1" ] || return 0
now=$(date +%s) cur=$(live) prev=$(get "$S/previous")
for mark in "$R"/*.commit; do
name=\${mark##*/}; name=\${name%.commit}
[ -d "$R/$name" ] && [ "$name" != "$cur" ] && [ "$name" != "$prev" ] && [ ! -e "$R/$name.pin" ] || continue
left=$(get "$R/$name.left"); left=\${left:-0}
[ $((now-left)) -ge "$2" ] && flock -n 7 7<"$mark" || continue
if [ -z "$best" ] || [ "$left" -lt "$bestleft" ]; then best=$name bestleft=$left; fi
done
[ -n "$best" ] || return 0
seen=$(ls -ld /proc/[0-9]*/cwd /proc/[0-9]*/exe 2>&1 || :)
case $seen in *"-> $R/$best"*) return 0 ;; esac
case $3$seen in in-use*"ermission denied"*) return 0 ;; esac
if grep -qsF -e "$R/$best/" /proc/[0-9]*/maps; then return 0; fi
printf '%s\\n' "$best"
}
`;
