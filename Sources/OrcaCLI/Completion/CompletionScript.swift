package import OrcaAPI

/// The scripts that connect a shell's completion with `orca __complete`, which knows the command tree and asks the
/// server for ids. They are small and never out of date.
package enum CompletionScript {
    package static let shells = ["bash", "zsh", "fish"]

    package static func text(for shell: String) throws(APIError) -> String {
        switch shell {
        case "bash": bash
        case "zsh": zsh
        case "fish": fish
        default: throw .usage("There is no completion for '\(shell)'; take one of \(shells.joined(separator: ", ")).")
        }
    }

    // The answer is a line per candidate, `word<TAB>meaning`; a last line `:files` or `:directories` asks the shell
    // for paths.
    private static let bash = #"""
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

        """#

    private static let zsh = #"""
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

        """#

    private static let fish = #"""
        # Completion of orca for fish. Load it with:  orca completions fish | source
        function __orca_complete
            set -l words (commandline -opc) (commandline -ct)
            for line in (orca __complete -- $words[2..-1] 2>/dev/null)
                switch $line
                    case ':files'
                        __fish_complete_path (commandline -ct)
                    case ':directories'
                        __fish_complete_directories (commandline -ct)
                    case '*'
                        echo $line
                end
            end
        end
        complete -c orca -f -a '(__orca_complete)'

        """#
}
