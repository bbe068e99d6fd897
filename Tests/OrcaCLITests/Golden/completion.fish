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
