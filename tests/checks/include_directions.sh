#!/bin/bash
# Data flows one way: no wing includes one that it must not know (README, "The house").
set -u
cd "$TEITEN_SOURCE/src" || exit 1
allowed() {
    case $1 in
    base) echo base ;;
    publication) echo base publication ;;
    capture) echo base capture ;;
    summary) echo base publication summary ;;
    aggregate) echo base publication capture summary aggregate ;;
    report) echo base publication summary report chart/chart_spec.h ;;
    chart) echo base chart ;;
    render) echo base publication report chart render ;;
    cmd) echo base publication summary aggregate report chart render cmd/command.h cmd/message.h cmd/progress.h cmd/figure_definition.h cmd/figure_options.h cmd/figure_summaries.h cmd/terminal_table.h cmd/diff_view.h ;;
    esac
}
bad=0
seen=0
for wing in */; do
    wing=${wing%/}
    list=$(allowed "$wing")
    [ -n "$list" ] || { echo "src/$wing: no such wing in the house"; bad=1; continue; }
    while IFS=: read -r file line text; do
        [ -n "$file" ] || continue
        seen=$((seen + 1))
        header=${text#*\"}
        header=${header%%\"*}
        fine=no
        for entry in $list; do
            case $header in "$entry" | "$entry"/*) fine=yes ;; esac
        done
        [ $fine = yes ] || { echo "src/$file:$line: $wing includes $header, allowed: $list"; bad=1; }
    done < <(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' -r "$wing" --include='*.[ch]')
    # cairo, pango and libpcap are known to few.
    while read -r hit; do
        [ -n "$hit" ] && { echo "src/$hit: this wing must not know that library"; bad=1; }
    done < <(case $wing in
        chart | render) grep -nE '#include <pcap' -r "$wing" ;;
        capture | aggregate) grep -nE '#include <(cairo|pango)' -r "$wing" ;;
        cmd) ;;
        *) grep -nE '#include <(cairo|pango|pcap)' -r "$wing" ;;
        esac)
done
[ "$seen" -gt 20 ] || { echo "only $seen includes seen: the check looks at nothing"; bad=1; }
exit $bad
