//! What is noticed: writers that behave like browsers, trees and bursts, kill -9, folders that go and
//! come back, media, the system's limits, and how soon.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};

use super::bench::*;
use super::tools::has;

#[test]
fn writers_that_behave_like_browsers_and_other_programs() {
    let bench = Bench::new();
    let watching = bench.watch(&[]);
    let downloads = bench.downloads();
    // Chrome: under another name, in pieces, then renamed.
    let partial = downloads.join("chrome.csv.crdownload");
    let mut file = File::create(&partial).expect("file");
    for piece in secret().as_bytes().chunks(7) {
        file.write_all(piece).expect("written");
        file.sync_data().expect("flushed");
    }
    drop(file);
    fs::rename(&partial, downloads.join("chrome.csv")).expect("rename");
    // Firefox: an empty file takes the name, the content comes under another and replaces it.
    File::create(downloads.join("fox.csv")).expect("file");
    fs::write(downloads.join("Xy12.csv.part"), secret()).expect("file");
    fs::rename(downloads.join("Xy12.csv.part"), downloads.join("fox.csv")).expect("rename");
    // Moved in from elsewhere, linked in, and a file that is never closed.
    fs::write(bench.home().join("outside"), secret()).expect("file");
    fs::hard_link(bench.home().join("outside"), downloads.join("linked.csv")).expect("link");
    fs::rename(bench.home().join("outside"), downloads.join("moved.csv")).expect("rename");
    let mut open = File::create(downloads.join("open.log")).expect("file");
    open.write_all(secret().as_bytes()).expect("written");
    // Written without a name, then given one.
    let nameless = rustix::fs::open(&downloads, OFlags::TMPFILE | OFlags::RDWR, Mode::RUSR | Mode::WUSR);
    if let Ok(nameless) = nameless {
        let source = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&nameless));
        File::from(nameless.try_clone().expect("handle")).write_all(secret().as_bytes()).expect("written");
        let target = downloads.join("named.csv");
        rustix::fs::linkat(CWD, source, CWD, &target, AtFlags::SYMLINK_FOLLOW).expect("a name");
    } else {
        bench.put("named.csv");
    }
    // What is no file is passed over, and waits for nobody.
    std::os::unix::fs::symlink("/etc/passwd", downloads.join("link")).expect("link");
    rustix::fs::mknodat(CWD, downloads.join("fifo"), FileType::Fifo, Mode::RUSR, 0).expect("fifo");
    let names = ["chrome.csv", "fox.csv", "linked.csv", "moved.csv", "open.log", "named.csv"];
    watching.finds(&names);
    assert!(watching.rest().iter().all(|path| !path.contains("crdownload") && !path.contains(".part")));
    drop(open);
}

#[test]
fn trees_that_appear_at_once_lose_nothing() {
    let bench = Bench::new();
    let watching = bench.watch(&[]);
    let mut expected = BTreeSet::new();
    for i in 0..150 {
        let folder = bench.downloads().join(format!("t{i}/a/b/c"));
        fs::create_dir_all(&folder).expect("folders");
        for path in [folder.join("deep.txt"), folder.join("../../middle.txt"), folder.join("../../../top.txt")] {
            fs::write(&path, secret()).expect("file");
        }
        expected.extend(["a/b/c/deep.txt", "a/middle.txt", "top.txt"].map(|name| format!("/t{i}/{name}\"")));
    }
    // A tree that is moved in whole, and within.
    let elsewhere = bench.home().join("elsewhere/x");
    fs::create_dir_all(&elsewhere).expect("folder");
    fs::write(elsewhere.join("in.txt"), secret()).expect("file");
    fs::rename(bench.home().join("elsewhere"), bench.downloads().join("came")).expect("rename");
    fs::rename(bench.downloads().join("came"), bench.downloads().join("went")).expect("rename");
    expected.insert("/went/x/in.txt\"".to_owned());
    let missing = watching.missing(expected);
    assert!(missing.is_empty(), "{} lost: {missing:?}", missing.len());
    // What happens in the moved folder is known under its new name.
    fs::write(bench.downloads().join("went/x/later.txt"), secret()).expect("file");
    watching.finds(&["/went/x/later.txt"]);
}

/// Many files in one go, in the ways in which they come.
fn burst(bench: &Bench, count: usize) -> BTreeSet<String> {
    let downloads = bench.downloads();
    (0..count)
        .map(|i| {
            let folder = downloads.join(format!("b{}", i % 50));
            if i < 50 {
                fs::create_dir(&folder).expect("folder");
            }
            let path = folder.join(format!("{i}.txt"));
            if i % 3 == 0 {
                let partial = folder.join(format!("{i}.part"));
                fs::write(&partial, secret()).expect("file");
                fs::rename(&partial, &path).expect("rename");
            } else {
                fs::write(&path, secret()).expect("file");
            }
            path.to_string_lossy().into_owned()
        })
        .collect()
}

#[test]
fn a_burst_loses_no_file() {
    let full = std::env::var_os("SEKISHO_FULL").is_some();
    let count = if full { 50_000 } else { 3_000 };
    let bench = Bench::new();
    let watching = bench.watch(&[]);
    let began = Instant::now();
    let expected = burst(&bench, count);
    let written = began.elapsed();
    let missing = watching.missing(expected);
    assert!(missing.is_empty(), "{} lost, {:?} …", missing.len(), missing.first());
    println!("{count} files written in {written:?}, all found after {:?}", began.elapsed());
}

#[test]
fn when_the_systems_queue_runs_over_everything_is_looked_at_again() {
    let bench = Bench::new();
    let watching = bench.watch(&[]);
    let most: usize =
        fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").expect("limit").trim().parse().expect("number");
    watching.signal("-STOP");
    // Two events and more a file.
    let mut expected = BTreeSet::new();
    for i in 0..most / 2 + 500 {
        let path = bench.downloads().join(i.to_string());
        if i % 100 == 0 {
            fs::write(&path, secret()).expect("file");
            expected.insert(path.to_string_lossy().into_owned());
        } else {
            fs::write(&path, "").expect("file");
        }
    }
    let late = bench.downloads().join("new/folder");
    fs::create_dir_all(&late).expect("folder");
    watching.signal("-CONT");
    watching.tells("looking through everything again");
    let missing = watching.missing(expected);
    assert!(missing.is_empty(), "{} lost", missing.len());
    // Folders whose own events were lost are watched all the same.
    fs::write(late.join("later.txt"), secret()).expect("file");
    watching.finds(&["new/folder/later.txt"]);
}

#[test]
fn killed_and_started_again_it_knows_what_it_knew() {
    let bench = Bench::new();
    bench.put("before.txt");
    let watching = bench.watch(&[]);
    bench.put("first.txt");
    watching.finds(&["before.txt", "first.txt"]);
    // A batch is written down at its end, a moment later.
    std::thread::sleep(Duration::from_millis(1500));
    bench.put("second.txt");
    watching.finds(&["second.txt"]);
    drop(watching);
    bench.put("meanwhile.txt");
    let watching = bench.watch(&[]);
    watching.finds(&["meanwhile.txt"]);
    bench.put("after.txt");
    watching.finds(&["after.txt"]);
    let again: Vec<String> = watching.rest();
    assert!(!again.iter().any(|path| path.ends_with("before.txt") || path.ends_with("first.txt")), "{again:?}");
}

#[test]
fn a_folder_that_goes_and_comes_back_is_watched_again() {
    let bench = Bench::new();
    let watching = bench.watch(&[]);
    for round in 0..2 {
        fs::remove_dir_all(bench.downloads()).expect("removed");
        watching.tells("is gone");
        fs::create_dir(bench.downloads()).expect("folder");
        bench.put(&format!("{round}-at-once.txt"));
        watching.tells("is back");
        bench.put(&format!("{round}-later.txt"));
        watching.finds(&[&format!("{round}-at-once.txt"), &format!("{round}-later.txt")]);
    }
    fs::rename(bench.downloads(), bench.home().join("away")).expect("rename");
    watching.tells("is gone");
    fs::write(bench.home().join("away/unwatched.txt"), secret()).expect("file");
    fs::rename(bench.home().join("away"), bench.downloads()).expect("rename");
    watching.finds(&["unwatched.txt"]);
}

#[test]
fn asleep_while_nothing_happens() {
    let bench = Bench::new();
    let watching = bench.watch(&[]);
    bench.put("a.txt");
    watching.finds(&["a.txt"]);
    watching.rest();
    let before = watching.ticks();
    std::thread::sleep(Duration::from_secs(3));
    let spent = watching.ticks() - before;
    println!("{spent} ticks in 3 s of nothing");
    assert!(spent <= 1, "{spent} ticks");
}

#[test]
fn beyond_the_systems_limit_folders_are_looked_through_and_it_says_so() {
    let limited = "echo 20 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";
    if !has("unshare") || !may("namespaces", Command::new("unshare").args(["-Ur", "sh", "-c", limited, "true"])) {
        return;
    }
    let bench = Bench::new();
    for i in 0..40 {
        fs::create_dir(bench.downloads().join(format!("f{i:02}"))).expect("folder");
    }
    let mut command = Command::new("unshare");
    command.args(["-Ur", "sh", "-c", limited, SEKISHO, "watch", "--format", "jsonl"]).arg(bench.downloads());
    environment(&mut command, &bench.home());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let (out, told) = (lines(child.stdout.take().expect("stdout")), lines(child.stderr.take().expect("stderr")));
    let watching = Watching { child, out, told };
    let line = watching.tells("fs.inotify.max_user_watches");
    assert!(line.contains("30 seconds"), "{line}");
    for i in 0..40 {
        fs::write(bench.downloads().join(format!("f{i:02}/x.txt")), secret()).expect("file");
    }
    let names: Vec<String> = (0..40).map(|i| format!("f{i:02}/x.txt")).collect();
    watching.finds(&names.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_medium_that_appears_is_watched() {
    if !has("unshare")
        || !may("namespaces", Command::new("unshare").args(["-Urm", "sh", "-c", "mount -t tmpfs none /media"]))
    {
        return;
    }
    let bench = Bench::new();
    let script = r#"
mount -t tmpfs none /media && mkdir -p /media/u/STICK && mount -t tmpfs none /mnt && mkdir /mnt/x || exit 9
"$0" watch --media --format jsonl "$1" &
watch=$!
read go
mount -t tmpfs none /media/u/STICK && printf %s "$SECRET" > /media/u/STICK/first.txt
read go
printf %s "$SECRET" > /media/u/STICK/second.txt
mkdir "$1/inner" && mount -t tmpfs none "$1/inner" && mkdir "$1/inner/d" && printf %s "$SECRET" > "$1/inner/d/third.txt"
read go
umount /media/u/STICK && rmdir /media/u/STICK && mkdir /media/u/STICK && mount -t tmpfs none /media/u/STICK
printf %s "$SECRET" > /media/u/STICK/fourth.txt
read go
kill $watch
"#;
    let mut command = Command::new("unshare");
    command
        .args(["-Urmpf", "--kill-child", "sh", "-c", script, SEKISHO])
        .arg(bench.downloads())
        .env("SECRET", secret());
    environment(&mut command, &bench.home());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("stdin");
    let (out, told) = (lines(child.stdout.take().expect("stdout")), lines(child.stderr.take().expect("stderr")));
    let watching = Watching { child, out, told };
    watching.tells("Watching");
    let mut go = || stdin.write_all(b"go\n").expect("written");
    go();
    watching.tells("A medium at /media/u/STICK");
    watching.finds(&["STICK/first.txt"]);
    go();
    watching.finds(&["STICK/second.txt", "inner/d/third.txt"]);
    go();
    watching.finds(&["STICK/fourth.txt"]);
    go();
}

#[test]
fn the_usual_folder_may_have_a_japanese_name() {
    let bench = Bench::new();
    let home = bench.home();
    fs::create_dir_all(home.join("config")).expect("folder");
    fs::write(
        home.join("config/user-dirs.dirs"),
        "XDG_DESKTOP_DIR=\"$HOME\"\nXDG_DOWNLOAD_DIR=\"$HOME/ダウンロード\"\n",
    )
    .expect("file");
    fs::create_dir(home.join("ダウンロード")).expect("folder");
    let mut command = sekisho(&home);
    command.args(["watch", "--no-media", "--format", "jsonl"]);
    let watching = Watching::start(command);
    fs::write(home.join("ダウンロード/a.txt"), secret()).expect("file");
    watching.finds(&["ダウンロード/a.txt"]);
}

#[test]
fn from_close_to_finding() {
    if std::env::var_os("SEKISHO_FULL").is_none() {
        println!("skipped: needs SEKISHO_FULL=1");
        return;
    }
    let bench = Bench::new();
    let watching = bench.watch(&[]);
    let mut times: Vec<Duration> = (0..1000)
        .map(|i| {
            let path = bench.put(&format!("{i}.txt"));
            let closed = Instant::now();
            let name = path.to_string_lossy().into_owned();
            loop {
                let (at, line) = watching.out.recv_timeout(PATIENCE).expect("a finding");
                if path_of(&line).as_deref() == Some(&name) {
                    return at - closed;
                }
            }
        })
        .collect();
    times.sort();
    println!("close to finding: p50 {:?}, p99 {:?}, most {:?}", times[500], times[990], times[999]);
}
