/** Takes the states of static files away that are too many, and says what was done: the end of publishing them. */
export const keepAssets = `{ grep -vxF -e "$hash" "$A/.order" || :; printf '%s\\n' "$hash"; } >"$A/.order.new"
mv -f "$A/.order.new" "$A/.order"
count=$(wc -l <"$A/.order")
while [ "$count" -gt "$keep" ]; do
IFS= read -r old <"$A/.order"
rm -rf "$A/\${old:?}" "$A/.\${old:?}.index"
sed 1d "$A/.order" >"$A/.order.new"; mv -f "$A/.order.new" "$A/.order"
count=$((count-1))
done
echo "$said"
`;
