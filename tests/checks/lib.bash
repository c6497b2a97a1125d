# A copy of the sample publication in ./NAME, whose captures are the ones already made.
sample_copy() {
    mkdir -p "$1"
    local entry
    for entry in "$TEITEN_SOURCE"/samples/quarterly/*; do
        case $(basename "$entry") in
        captures) ln -s "$entry" "$1/captures" ;;
        summaries | out) ;;
        *) cp -r "$entry" "$1/" ;;
        esac
    done
}
expect() { # expect WHAT EXPECTED ACTUAL
    [ "$2" = "$3" ] && return
    printf 'FAILED: %s\n--- expected\n%s\n--- actual\n%s\n' "$1" "$2" "$3"
    bad=1
}
bad=0
