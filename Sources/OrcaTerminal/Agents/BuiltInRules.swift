/// The rules Orca comes with, as a person would write them into `agents.json` of the configuration directory.
///
/// Sources: the programs' own titles and screens as of 2026; mistral-vibe, gptme, aider and bash were watched, the others
/// are known from what their users recorded.
enum BuiltInRules {
    static let text = #"""
        {
          "version": 1,
          "agents": [
            {
              "id": "claude",
              "programs": ["claude", "openclaude", "claude-agent-teams"],
              "working_titles": ["[⠀-⣿] *", "[◐◑◒◓] *"],
              "idle_titles": ["✳ *"],
              "permission_titles": ["*action required*"],
              "animated_title": true,
              "busy": ["*esc to interrupt*", "[✻✽✢✳✶·∗*+] *…", "[✻✽✢✳✶·∗*+] *… *"],
              "not_busy": ["[✻✽✢✳✶·∗*+] * for *s"],
              "prompt": ["❯", "❯ *", ">", "> *"],
              "empty_prompt": ["❯", ">", "❯ try \"*", "> try \"*"],
              "menu": ["[❯>] [0-9]. *"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*do you want to *", "*[0-9]. yes*"]},
                {"reason": "permission-prompt", "permission": true, "rows": ["*would you like to proceed*", "*[0-9]. yes*"]},
                {"reason": "trust-prompt", "rows": ["*trust *folder*", "*[0-9]. *"]},
                {"reason": "trust-prompt", "rows": ["*yes, i trust this folder*", "*enter to confirm*"]},
                {"reason": "trust-prompt", "rows": ["*trust the files*", "*[0-9]. *"]},
                {"reason": "interactive-prompt", "rows": ["*enter to confirm*esc to *"]},
                {"reason": "interactive-prompt", "rows": ["*enter to select*"]}
              ],
              "rate_limit": ["*usage limit reached*", "*hit your *limit*", "*api error*429*", "*rate limit*reached*"]
            },
            {
              "id": "codex",
              "programs": ["codex"],
              "working_titles": ["[⠀-⣿] *"],
              "idle_titles": [],
              "permission_titles": ["\\[ [!.] ] action required*", "*action required*"],
              "animated_title": true,
              "busy": ["*esc to interrupt*"],
              "prompt": ["›", "› *"],
              "empty_prompt": ["›"],
              "menu": ["› [0-9]. *"],
              "dialogs": [
                {"reason": "codex-update-prompt", "rows": ["*update available*", "*[0-9]. *"]},
                {"reason": "codex-trust-workspace", "rows": ["*do you trust *", "*[0-9]. *"]},
                {"reason": "codex-trust-workspace", "rows": ["*trust this folder?*", "*[0-9]. *"]},
                {"reason": "codex-trust-workspace", "rows": ["*you are running codex in *", "*[0-9]. *"]},
                {"reason": "codex-cwd-prompt", "rows": ["*working directory*", "*[0-9]. use *"]},
                {"reason": "codex-model-migration-prompt", "rows": ["*try new model*", "*[0-9]. *"]},
                {"reason": "codex-model-migration-prompt", "rows": ["*introducing gpt*", "*[0-9]. *"]},
                {"reason": "codex-hooks-review-prompt", "rows": ["*hooks*review*", "*[0-9]. *"]},
                {"reason": "permission-prompt", "permission": true, "rows": ["*would you like to *", "*[0-9]. yes*"]},
                {"reason": "permission-prompt", "permission": true, "rows": ["*allow command?*"]},
                {"reason": "codex-interactive-prompt", "rows": ["*press enter to confirm*"]},
                {"reason": "codex-interactive-prompt", "rows": ["*press enter to continue*"]},
                {"reason": "codex-interactive-prompt", "rows": ["*enter continue*esc quit*"]}
              ],
              "rate_limit": ["*hit your usage limit*", "*rate limit reached*", "*stream error*429*"],
              "ready": [["*openai codex*", "*model:*", "*directory:*"]]
            },
            {
              "id": "gemini",
              "programs": ["gemini"],
              "working_titles": ["✦ *", "⏲ *", "✦*", "⏲*"],
              "idle_titles": ["◇ *", "◇*"],
              "permission_titles": ["✋*"],
              "busy": ["*esc to cancel*"],
              "prompt": [">", "> *", "*type your message*"],
              "empty_prompt": [">", "*type your message*"],
              "menu": ["[●>] [0-9]. *"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*allow execution*", "*yes*"]},
                {"reason": "permission-prompt", "permission": true, "rows": ["*apply this change?*", "*yes*"]},
                {"reason": "permission-prompt", "permission": true, "rows": ["*waiting for user confirmation*"]},
                {"reason": "trust-prompt", "rows": ["*do you trust this folder*"]},
                {"reason": "interactive-prompt", "rows": ["*how would you like to authenticate*"]}
              ],
              "rate_limit": ["*quota exceeded*", "*rate limit*", "*resource_exhausted*"]
            },
            {
              "id": "antigravity",
              "programs": ["antigravity", "agy"],
              "busy": ["*esc to cancel*"],
              "prompt": [">", "> *"],
              "empty_prompt": [">"],
              "ready": [["*antigravity cli*", "gemini*", ">"]]
            },
            {
              "id": "opencode",
              "programs": ["opencode", "mimo", "mimo-code"],
              "busy": ["*esc interrupt*", "*esc to interrupt*", "*■■*⬝*"],
              "prompt": ["*ask anything*", ">", "> *", "┃ *", "*ctrl+p commands*", "*tab agents*"],
              "empty_prompt": ["*ask anything*", ">"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*permission required*"]}
              ],
              "rate_limit": ["*rate limit*", "*too many requests*", "*quota*exceeded*"]
            },
            {
              "id": "droid",
              "programs": ["droid"],
              "busy": ["*esc to stop*"],
              "prompt": [">", "> *"],
              "empty_prompt": [">", "> try \"*"],
              "menu": ["> [0-9]. *", "> yes*", "> no*"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*yes, allow*"]},
                {"reason": "permission-prompt", "permission": true, "rows": ["*approve*?*", "*yes*"]}
              ],
              "rate_limit": ["*rate limit*", "*usage limit*"]
            },
            {
              "id": "cursor",
              "programs": ["cursor-agent", "cursor"],
              "busy": ["*ctrl+c to stop*", "[⬡⬢] *ing", "[⬡⬢] *ing *"],
              "prompt": ["→", "→ *"],
              "empty_prompt": ["→", "→ add a follow-up*", "→ plan, search, build*"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*run this command?*"]},
                {"reason": "trust-prompt", "rows": ["*workspace trust*"]}
              ],
              "rate_limit": ["*usage limit*", "*rate limit*"],
              "push_without_enter": true
            },
            {
              "id": "copilot",
              "programs": ["copilot"],
              "busy": ["*esc to cancel*"],
              "prompt": [">", "> *", "❯", "❯ *"],
              "empty_prompt": [">", "❯"],
              "menu": ["[❯>] [0-9]. *"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*do you want to *", "*[0-9]. yes*"]},
                {"reason": "trust-prompt", "rows": ["*do you trust the files*"]}
              ],
              "rate_limit": ["*rate limit*"]
            },
            {
              "id": "aider",
              "programs": ["aider"],
              "busy": ["*waiting for *"],
              "prompt": [">", "> *", "[a-z]*>", "[a-z]*> *"],
              "empty_prompt": [">", "[a-z]*>"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*(y)es/(n)o*"]}
              ],
              "rate_limit": ["*ratelimiterror*", "*rate limit*"],
              "paste_mode_tells_turns": true
            },
            {
              "id": "mistral-vibe",
              "programs": ["vibe", "mistral-vibe"],
              "working_titles": [">> vibe*"],
              "idle_titles": ["vibe*"],
              "busy": ["*to interrupt)*", "*esc/ctrl+c to interrupt*"],
              "prompt": [">", "> *"],
              "empty_prompt": [">", "> ask anything*"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*yes*", "*always allow*"]},
                {"reason": "trust-prompt", "rows": ["*trust this folder*"]}
              ],
              "rate_limit": ["*rate limit*"]
            },
            {
              "id": "gptme",
              "programs": ["gptme"],
              "working_titles": ["gptme - *🤔*", "gptme - *🛠*", "gptme - *generating*", "gptme - *running*"],
              "idle_titles": ["gptme - *waiting for input*"],
              "prompt": ["user:", "user: *"],
              "empty_prompt": ["user:"],
              "dialogs": [
                {"reason": "permission-prompt", "permission": true, "rows": ["*execute?*[[]y/n*"]}
              ],
              "paste_mode_tells_turns": true
            },
            {
              "id": "shell",
              "programs": ["sh", "bash", "zsh", "fish", "dash", "ksh", "ash", "csh", "tcsh", "nu", "pwsh", "powershell", "cmd"],
              "shell": true
            }
          ]
        }
        """#
}
