package enum Tmux {}
