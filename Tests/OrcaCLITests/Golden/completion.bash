# Completion of orca for bash. Load it with:  source <(orca completions bash)
_orca() {
    local IFS=$'\n' line words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    local current="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=()
    for line in $(orca __complete -- "${words[@]}" 2>/dev/null); do
        case "$line" in
            :files) COMPREPLY+=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null ;;
            :directories) COMPREPLY+=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null ;;
            *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done
    [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -F _orca orca
