//! Units of every kind, judged by parsers that are not ours, and their installation through
//! programs that record what they are told.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

mod tools;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sekisho::schedule::{self, Plan};

use tools::{has, may};

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// A plan whose words need every kind of quoting.
fn plan(program: &Path, when: Option<&str>) -> Plan {
    Plan {
        name: if when.is_some() { "sweep" } else { "watch" },
        about: "Sekisho 100% <定期>".to_owned(),
        program: program.to_owned(),
        arguments: ["sweep", "--root", "/home/u/my \"50%\" files", "--exclude", "it's $HOME\\n & <x>", "名簿", ""]
            .map(str::to_owned)
            .to_vec(),
        when: when.map(|when| schedule::parse(when).expect("a time")),
    }
}

/// A program that writes its arguments down, one a line.
fn recorder(folder: &Path) -> PathBuf {
    let program = folder.join("my prog'ram 100%");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}/arguments'\n", folder.display());
    fs::write(&program, script).expect("file");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("mode");
    program
}

fn python(script: &str, argument: &Path) -> String {
    let output = Command::new("python3").args(["-c", script]).arg(argument).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// systemd's own judgement of units, and what it says of them.
fn verify(folder: &Path, files: &[PathBuf]) -> (bool, String) {
    let output = Command::new("systemd-analyze")
        .args(["--user", "verify"])
        .args(files)
        // Where no user is logged in, it has no place to work in otherwise.
        .env("XDG_RUNTIME_DIR", folder)
        .output()
        .expect("systemd-analyze runs");
    // It may also speak of units of the machine.
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    let ours: Vec<&str> = says.lines().filter(|line| line.contains("sekisho") || line.contains("Failed")).collect();
    (output.status.success(), ours.join("\n"))
}

#[test]
fn systemd_accepts_its_units() {
    if !has("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let program = recorder(folder.path());
    for when in [Some("daily"), Some("Mon 09:00"), Some("日 23:59"), None] {
        let plan = plan(&program, when);
        let service = folder.path().join(format!("sekisho-{}.service", plan.name));
        fs::write(&service, schedule::systemd_service(&plan).expect("service")).expect("file");
        let mut files = vec![service];
        if let Some(timer) = schedule::systemd_timer(&plan) {
            files.push(folder.path().join("sekisho-sweep.timer"));
            fs::write(&files[1], timer).expect("file");
        }
        assert_eq!(verify(folder.path(), &files), (true, String::new()));
    }
    // It does look.
    let broken = folder.path().join("sekisho-broken.service");
    fs::write(&broken, "[Service]\nExecStart=/no/such/program\nNiece=1\n").expect("file");
    let (fine, says) = verify(folder.path(), &[broken]);
    assert!(!fine && says.contains("Niece"), "{says}");
}

#[test]
fn cron_runs_exactly_the_words() {
    let folder = tempfile::tempdir().expect("folder");
    let program = recorder(folder.path());
    for when in [Some("Mon 09:30"), None] {
        let plan = plan(&program, when);
        let line = schedule::cron_entry(&plan).expect("a line");
        // As cron does (crontab(5)): five fields or @reboot, then all up to an unescaped % to the shell.
        let command = match line.strip_prefix("@reboot ") {
            Some(command) => command,
            None => {
                let fields: Vec<&str> = line.splitn(6, ' ').collect();
                assert_eq!(fields[..5], ["30", "*", "*", "*", "*"]);
                fields[5]
            }
        };
        let mut shell = String::new();
        let mut chars = command.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' if chars.as_str().starts_with('%') => shell.extend(chars.next()),
                '%' => panic!("cron would cut here: {line}"),
                c => shell.push(c),
            }
        }
        let ran = Command::new("sh").args(["-c", &shell]).env("HOME", "/wrong").status().expect("sh runs");
        assert!(ran.success(), "{shell}");
        let mut expected = plan.arguments.clone();
        if when.is_some() {
            expected.extend(["--if-due".to_owned(), "Mon 09:30".to_owned()]);
        }
        let got = fs::read_to_string(folder.path().join("arguments")).expect("arguments");
        assert_eq!(got, expected.join("\n") + "\n");
    }
}

#[test]
fn launchd_and_windows_units_are_what_their_parsers_expect() {
    if !has("python3") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let sunday = plan(Path::new("/Applications/a b/sekisho"), Some("Sun 07:05"));
    let agent = folder.path().join("agent.plist");
    fs::write(&agent, schedule::launchd_agent(&sunday).expect("agent")).expect("file");
    let read = "import plistlib,json,sys; d=plistlib.load(open(sys.argv[1],'rb')); print(json.dumps(d,ensure_ascii=False,sort_keys=True))";
    let agent = python(read, &agent);
    for part in [
        r#""Label": "sekisho.sweep""#,
        r#""StartCalendarInterval": {"Hour": 7, "Minute": 5, "Weekday": 0}"#,
        r#""/home/u/my \"50%\" files""#,
        r#""it's $HOME\\n & <x>", "名簿", """#,
    ] {
        assert!(agent.contains(part), "{part} in {agent}");
    }
    let always = folder.path().join("watch.plist");
    fs::write(&always, schedule::launchd_agent(&plan(Path::new("/x"), None)).expect("agent")).expect("file");
    assert!(python(read, &always).contains(r#""KeepAlive": true"#));

    let task = folder.path().join("task.xml");
    let text = schedule::windows_task(&sunday).expect("task");
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(&task, utf16).expect("file");
    let read = "import sys,xml.etree.ElementTree as E; n='{http://schemas.microsoft.com/windows/2004/02/mit/task}'; r=E.parse(sys.argv[1]).getroot()\nfor p in ('Triggers/CalendarTrigger/StartBoundary','Actions/Exec/Command','Actions/Exec/Arguments','Settings/StartWhenAvailable'): print(r.find('/'.join(n+x for x in p.split('/'))).text)\nprint(r.find('.//'+n+'Sunday') is not None)";
    let expected = "2026-01-01T07:05:00\n/Applications/a b/sekisho\n\
                    sweep --root \"/home/u/my \\\"50%\\\" files\" --exclude \"it's $HOME\\n & <x>\" 名簿 \"\"\ntrue\nTrue\n";
    assert_eq!(python(read, &task), expected);
}

/// The units of the systems that no test runs on, as they stand in `tests/fixtures/schedule`; after a
/// change look at them and copy what the failure shows.
#[test]
fn units_of_other_systems_are_as_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schedule");
    let sweep = plan(Path::new("/opt/a b/sekisho"), Some("Sun 07:05"));
    let watch = plan(Path::new("/opt/a b/sekisho"), None);
    for (name, unit) in [
        ("sweep.plist", schedule::launchd_agent(&sweep)),
        ("watch.plist", schedule::launchd_agent(&watch)),
        ("sweep.xml", schedule::windows_task(&sweep)),
        ("watch.xml", schedule::windows_task(&watch)),
        ("sweep.cron", schedule::cron_entry(&sweep)),
        ("watch.cron", schedule::cron_entry(&watch)),
    ] {
        let unit = unit.expect("a unit");
        let golden = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert_eq!(unit.replace("\r\n", "\n"), golden, "{name}");
    }
}

/// A home directory with stand-ins for the programs of the system.
struct System {
    folder: tempfile::TempDir,
}

impl System {
    fn new() -> System {
        let system = System { folder: tempfile::tempdir().expect("folder") };
        // `crontab` keeps the tab in a file, as the real one does in its spool.
        system.program(
            "crontab",
            "tab=$HOME/tab\ncase \"$1\" in\n-l) [ -f \"$tab\" ] && cat \"$tab\" || { echo 'no crontab for u' >&2; exit 1; } ;;\n-) cat > \"$tab\" ;;\nesac",
        );
        system.systemd("offline");
        system
    }

    fn home(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("real")
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.home().join("bin").join(name);
        fs::create_dir_all(self.home().join("bin")).expect("folder");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("mode");
    }

    fn systemd(&self, state: &str) {
        self.program("systemctl", &format!("[ \"$2\" = is-system-running ] && {{ echo {state}; [ {state} = running ]; exit; }}\necho \"$@\" >> \"$HOME/calls\""));
    }

    fn environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let home = self.home();
        command
            .current_dir(&home)
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("LC_ALL", "C")
            .env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", home.join("bin").display()))
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.environment(Command::new(SEKISHO).args(arguments)).output().expect("runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8(text).expect("UTF-8"))
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.home().join(file)).unwrap_or_default()
    }
}

#[test]
fn a_sweep_is_scheduled_with_systemd_and_taken_back() {
    let system = System::new();
    system.systemd("running");
    fs::create_dir(system.home().join("my docs")).expect("folder");
    for when in ["Mon 09:00", "daily", "daily"] {
        let (status, told) = system.run(&["sweep", "--schedule", when, "--root", "my docs", "--max-duration", "2h"]);
        assert_eq!(status, 0, "{told}");
    }
    let timer = system.text("config/systemd/user/sekisho-sweep.timer");
    assert!(timer.contains("OnCalendar=*-*-* 12:15:00") && timer.contains("Persistent=true"), "{timer}");
    let service = system.text("config/systemd/user/sekisho-sweep.service");
    assert!(service.contains("SuccessExitStatus=1 3") && service.contains("IOSchedulingClass=idle"), "{service}");
    // It will not run where it was typed.
    let root = format!("--root \"{}/my docs\" --max-duration 2h", system.home().display());
    assert!(service.contains(&root) && !service.contains("--schedule"), "{service}");
    // Nor with the variables of this shell: the records are where they are now.
    let records = format!("ExecStart=/usr/bin/env XDG_CONFIG_HOME={0}/config ", system.home().display());
    assert!(service.contains(&records) && service.contains("XDG_STATE_HOME="), "{service}");
    assert!(system.text("calls").contains("--user enable sekisho-sweep.timer"));
    let (status, told) = system.run(&["sweep", "--status"]);
    assert!(
        status == 0
            && told.contains("every day at 12:15 (systemd)")
            && told.contains("Next run: ")
            && told.contains("Last run: none"),
        "{told}"
    );
    assert_eq!(system.run(&["sweep", "--root", "my docs", "--no-progress"]).0, 0);
    let (_, told) = system.run(&["sweep", "--status", "--lang", "ja"]);
    assert!(told.contains("毎日 12:15") && told.contains("前回: 20"), "{told}");

    assert_eq!(system.run(&["sweep", "--unschedule"]).0, 0);
    assert!(!system.home().join("config/systemd/user/sekisho-sweep.timer").exists());
    let (status, told) = system.run(&["sweep", "--unschedule"]);
    assert!(status == 0 && told.contains("Nothing was installed"), "{told}");
    assert!(system.run(&["sweep", "--status"]).1.contains("Not scheduled"));
}

#[test]
fn without_systemd_it_is_cron_and_other_lines_stay() {
    let system = System::new();
    let theirs = "MAILTO=u\n5 4 * * * backup 100\\%\n";
    fs::write(system.home().join("tab"), theirs).expect("file");
    for _ in 0..2 {
        let (status, told) = system.run(&["sweep", "--schedule=weekly"]);
        assert!(status == 0 && told.contains("every Monday at 12:15"), "{told}");
    }
    let tab = system.text("tab");
    assert_eq!((tab.starts_with(theirs), tab.lines().count()), (true, 3), "{tab}");
    assert!(tab.contains("15 * * * * ") && tab.contains("--if-due 'Mon 12:15'"), "{tab}");
    assert!(system.run(&["sweep", "--status"]).1.contains("every Monday at 12:15 (cron)"));
    fs::create_dir_all(system.home().join("dl")).expect("folder");
    let (status, told) = system.run(&["watch", "dl", "--action", "notify", "--install"]);
    assert_eq!(status, 0, "{told}");
    let dl = system.home().join("dl").display().to_string();
    assert!(system.text("tab").lines().any(|line| line.starts_with("@reboot ") && line.contains(&dl)));
    assert_eq!(system.run(&["watch", "--uninstall"]).0, 0);
    assert_eq!(system.run(&["sweep", "--unschedule"]).0, 0);
    assert_eq!(system.text("tab"), theirs);
}

/// Real `crontab` and real `cron`, in a spool, a home and a `/run` of their own. A watch is started as at
/// the machine's start, which cron can be asked for at once.
#[test]
fn real_cron_takes_its_lines_and_runs_them() {
    let script = r#"
home=$(getent passwd "$(id -u)" | cut -d: -f6)
mount -t tmpfs none /var/spool/cron && mkdir /var/spool/cron/crontabs && chgrp crontab /var/spool/cron/crontabs &&
chmod 1730 /var/spool/cron/crontabs && mount -t tmpfs none /run && mount -t tmpfs none "$home" || exit 9
[ -n "$1" ] || exit 0
"$1" sweep --schedule 'Mon 09:30' --root "$2" && "$1" watch "$2" --format jsonl -o "$3" --install || exit 8
crontab -l
"$1" sweep --status
cron
i=0
until grep -q finding "$3" 2>/dev/null || [ $((i += 1)) -gt 600 ]; do sleep 0.1; done
"$1" watch --uninstall && "$1" sweep --unschedule || exit 7
crontab -l
"#;
    let alone = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-mpf", "--kill-child", "sh", "-c", script, "sh"]).args(arguments);
        command
    };
    if !has("crontab") || !has("unshare") || !may("mounting", &mut alone(&[""])) {
        return;
    }
    let system = System::new();
    fs::remove_file(system.home().join("bin/crontab")).expect("no stand-in");
    let docs = system.home().join("my 100% docs");
    fs::create_dir(&docs).expect("folder");
    fs::write(docs.join("a.txt"), ["aws_access_key_id = AKIA", "Z7QW5RTYPLM3XKD2\n"].concat()).expect("file");
    // The program may lie in the home that is hidden.
    let program = system.home().join("sekisho");
    fs::copy(SEKISHO, &program).expect("copy");
    let report = system.home().join("report.jsonl");
    let words = [&program, &docs, &report].map(|path| path.to_str().expect("UTF-8").to_owned());
    let mut command = alone(&words.each_ref().map(String::as_str));
    let output = system.environment(&mut command).output().expect("runs");
    let told = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
    assert!(output.status.success(), "{told}");
    assert!(told.contains("--if-due 'Mon 09:30'") && told.contains("@reboot "), "{told}");
    assert!(told.contains("every Monday at 09:30 (cron)"), "{told}");
    let found = fs::read_to_string(&report).unwrap_or_default();
    assert!(found.contains("my 100% docs/a.txt"), "cron has not run it: {found} {told}");
    assert_eq!(told.matches("@reboot").count(), 1, "taken back: {told}");
}

#[test]
fn a_missed_run_is_made_up_for_and_a_done_one_is_not_repeated() {
    let system = System::new();
    fs::create_dir(system.home().join("docs")).expect("folder");
    fs::write(system.home().join("docs/a"), "x").expect("file");
    let due = |when: &str| {
        let (status, told) =
            system.run(&["sweep", "--root", "docs", "--no-progress", "--format", "jsonl", "--if-due", when]);
        assert_eq!(status, 0, "{told}");
        told.contains("summary")
    };
    assert!(due("daily"), "there was none yet");
    assert!(!due("daily"), "that was just now");
    assert!(!due("Mon 09:00"));
}

#[test]
fn where_nothing_runs_things_it_says_so() {
    let system = System::new();
    system.program("crontab", "echo 'you are not allowed to use this program' >&2; exit 1");
    let (status, told) = system.run(&["sweep", "--schedule", "daily"]);
    assert!(status == 2 && told.contains("neither systemd"), "{told}");
    let (status, told) = system.run(&["sweep", "--schedule", "hourly"]);
    assert!(status == 2 && told.contains("hourly"), "{told}");
    let (status, told) = system.run(&["sweep", "--schedule", "daily", "--exclude", "a\nb"]);
    assert!(status == 2 && told.contains("control character"), "{told}");
}
