#compdef orca
# Completion of orca for zsh. Load it with:  source <(orca completions zsh)
_orca() {
    local line
    local -a candidates
    for line in "${(@f)$(orca __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case "$line" in
            '') ;;
            :files) _files ;;
            :directories) _files -/ ;;
            *) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
        esac
    done
    (( ${#candidates} )) && _describe 'orca' candidates
    return 0
}
if [ "$funcstack[1]" = "_orca" ]; then _orca "$@"; else compdef _orca orca; fi
