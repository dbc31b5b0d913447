//! Everything the program reads of its surroundings, read once: arguments, variables, terminal.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use sekisho::source::git::Named;

/// The surroundings of the process.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    pub(crate) arguments: Vec<OsString>,
    /// The locale's name, from `LC_ALL`, `LC_MESSAGES` or `LANG`.
    pub(crate) locale: Option<String>,
    pub(crate) home: Option<PathBuf>,
    /// Where settings are kept.
    pub(crate) config: Option<PathBuf>,
    /// Where the key is kept, apart from any database.
    pub(crate) data: Option<PathBuf>,
    /// Where the database of sweeps is kept.
    pub(crate) state: Option<PathBuf>,
    /// The variables that name those three folders otherwise than usual.
    named: Vec<(&'static str, PathBuf)>,
    /// The folder that downloads go to.
    pub(crate) downloads: Option<PathBuf>,
    /// A git repository's own folder, where git has called us with it.
    pub(crate) git_folder: Option<PathBuf>,
    /// The index that git works on, where it has told us.
    pub(crate) git_index: Option<PathBuf>,
    /// Folders for temporary files.
    pub(crate) temp: Vec<PathBuf>,
    /// What the clock is said to show (`SEKISHO_NOW`): for tests of what happens in months. The
    /// audit chain marks every entry made under it.
    pub(crate) now: Option<String>,
    pub(crate) no_color: bool,
    /// The user's name.
    pub(crate) user: Option<String>,
    pub(crate) stdin_is_terminal: bool,
    pub(crate) stdout_is_terminal: bool,
    pub(crate) stderr_is_terminal: bool,
}

impl Environment {
    /// Where settings, key and records are, as variables for `env`, if it is not where they usually
    /// are: what runs by itself knows nothing of a shell's settings. Fails if a name is no text.
    pub(crate) fn places(&self) -> Result<Vec<String>, ()> {
        if cfg!(windows) {
            return Ok(Vec::new());
        }
        self.named.iter().map(|(name, path)| Ok(format!("{name}={}", path.to_str().ok_or(())?))).collect()
    }

    /// What git has named of the repository that it calls us for.
    pub(crate) fn git(&self) -> Named<'_> {
        Named { folder: self.git_folder.as_deref(), index: self.git_index.as_deref() }
    }

    pub(crate) fn read() -> Environment {
        let path = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let text = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let home = path("HOME").or_else(|| path("USERPROFILE"));
        let folder = |variable: &str, windows: &str, below_home: &str| {
            path(variable)
                .filter(|p| p.is_absolute())
                .or_else(|| if cfg!(windows) { path(windows) } else { None })
                .or_else(|| home.as_ref().map(|home| home.join(below_home)))
                .map(|base| base.join("sekisho"))
        };
        let bases =
            [("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".local/share"), ("XDG_STATE_HOME", ".local/state")];
        let named = bases.into_iter().filter_map(|(name, usual)| {
            let base = path(name).filter(|base| base.is_absolute())?;
            (home.as_ref().map(|home| home.join(usual)).as_ref() != Some(&base)).then_some((name, base))
        });
        let named = named.collect();
        let config = folder("XDG_CONFIG_HOME", "APPDATA", ".config");
        let data = folder("XDG_DATA_HOME", "LOCALAPPDATA", ".local/share");
        let state = folder("XDG_STATE_HOME", "LOCALAPPDATA", ".local/state");
        // Where one folder serves for both, not beside the key.
        let state = state.map(|folder| if data.as_ref() == Some(&folder) { folder.join("state") } else { folder });
        Environment {
            arguments: std::env::args_os().collect(),
            locale: text("LC_ALL").or_else(|| text("LC_MESSAGES")).or_else(|| text("LANG")),
            downloads: home.as_ref().map(|home| downloads(home, path("XDG_CONFIG_HOME"))),
            temp: [PathBuf::from("/tmp"), PathBuf::from("/var/tmp"), std::env::temp_dir()].into(),
            named,
            config,
            data,
            state,
            home,
            git_folder: path("GIT_DIR"),
            now: text("SEKISHO_NOW"),
            git_index: path("GIT_INDEX_FILE"),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()),
            user: text("USER").or_else(|| text("LOGNAME")).or_else(|| text("USERNAME")),
            stdin_is_terminal: std::io::stdin().is_terminal(),
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
        }
    }
}

/// The download folder: as xdg-user-dirs names it (it may be `~/ダウンロード`), else `Downloads`.
fn downloads(home: &std::path::Path, config: Option<PathBuf>) -> PathBuf {
    let file = config.unwrap_or_else(|| home.join(".config")).join("user-dirs.dirs");
    let named = std::fs::read_to_string(file).ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix("XDG_DOWNLOAD_DIR="))?;
        let value = line.trim_matches('"');
        Some(match value.strip_prefix("$HOME/") {
            Some(rest) => home.join(rest),
            None => PathBuf::from(value),
        })
    });
    named.unwrap_or_else(|| home.join("Downloads"))
}
