#!/usr/bin/env bash
# Compares the speed and the allocation of this working tree with those of a commit, in one run, in turns.
#   tests/Benchmarks/compare.sh COMMIT [TURNS] [benchmark options: --events N, --query Q …]
# Builds the benchmarks of both, each as its own commit has them, and runs the suite `operator` of one after the other TURNS times (5). Prints, by
# query and number of keys, the events a second of one processor in the best turn (what disturbs a turn only slows it), their ratio (above 1: faster now),
# and bytes an event.
# Exit code 1 when a query is slower than 0.95 of before, 2 when there is nothing to compare.
set -euo pipefail
cd "$(dirname "$0")/../.."

[ $# -ge 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
commit=$(git rev-parse --verify --quiet "$1^{commit}") || { echo "There is no commit $1." >&2; exit 2; }
shift
turns=5
if [[ ${1-} =~ ^[1-9][0-9]*$ ]]; then turns=$1; shift; fi
git cat-file -e "$commit:tests/Benchmarks/Benchmarks.csproj" 2>/dev/null || { echo "The commit ${commit:0:9} has no benchmarks." >&2; exit 2; }

work=$(mktemp -d)
trap 'git worktree remove --force "$work/before" 2>/dev/null || true; rm -rf "$work"' EXIT
git worktree add --quiet --detach "$work/before" "$commit"
build() { dotnet build "$1/tests/Benchmarks" --configuration Release --verbosity quiet --nologo --output "$2" >"$work/log" || { cat "$work/log" >&2; exit 2; }; }
build "$work/before" "$work/bin-before"
build . "$work/bin-now"

measure() { # measure SIDE: one round of it; rows become `side query keys rate bytes`, the rate in millions
    dotnet "$work/bin-$1/Cep.Benchmarks.dll" operator --rounds 4 "${@:2}" >"$work/table" || { cat "$work/table" >&2; exit 2; }
    awk -F'|' -v OFS='|' -v side="$1" '
        { for (i = 1; i <= NF; i++) gsub(/^ +| +$/, "", $i) }
        /^\|query\|/ { for (i = 1; i <= NF; i++) column[$i] = i; next }
        /^\|[:-]+\|/ { next }
        /^\|/ { rate = $column["class"]; gsub(/[ M,]/, "", rate); bytes = $column["B/event"]; gsub(/,/, "", bytes)
                print side " " $column["query"] " " $column["keys"] " " rate " " bytes }' "$work/table" >>"$work/rows"
}
: >"$work/rows"
for ((turn = 1; turn <= turns; turn++)); do
    # The one that begins changes, so that neither always meets the warmer machine.
    if ((turn % 2)); then order="before now"; else order="now before"; fi
    for side in $order; do measure "$side" "$@"; done
    echo "turn $turn of $turns" >&2
done

echo "### ${commit:0:9} and the working tree, events per second of one processor, best of $turns turns"
echo
awk '
    function median(list,    n, parts, i, j, t) {
        n = split(list, parts, " ")
        for (i = 2; i <= n; i++) for (j = i; j > 1 && parts[j] + 0 < parts[j - 1] + 0; j--) { t = parts[j]; parts[j] = parts[j - 1]; parts[j - 1] = t }
        return parts[int((n + 1) / 2)] + 0
    }
    function best(list,    n, parts, i, most) {
        n = split(list, parts, " ")
        for (i = 1; i <= n; i++) if (parts[i] + 0 > most) most = parts[i] + 0
        return most
    }
    { key = $2 " | " $3; if (!(key in seen)) { seen[key] = 1; keys[++count] = key } rates[$1, key] = rates[$1, key] " " $4; bytes[$1, key] = bytes[$1, key] " " $5 }
    END {
        print "| query | keys | before | now | ratio | B/event before | now |"; print "|---|---:|---:|---:|---:|---:|---:|"
        for (i = 1; i <= count; i++) {
            key = keys[i]
            if (!(("before", key) in rates) || !(("now", key) in rates)) { printf "| %s | measured on one side only | | | | |\n", key; continue }
            before = best(rates["before", key]); now = best(rates["now", key])
            printf "| %s | %.2f M | %.2f M | %.2f | %.1f | %.1f |\n", key, before, now, now / before, median(bytes["before", key]), median(bytes["now", key])
            if (now < 0.95 * before) slower = 1
        }
        if (count == 0) { print "nothing was measured" > "/dev/stderr"; exit 2 }
        exit slower
    }' "$work/rows"
