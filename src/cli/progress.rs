//! A line on standard error that says how far a long scan is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sekisho::message::{self, Lang, Message};
use sekisho::scan::Progress;

/// Shows progress until it is dropped.
pub(crate) struct Display {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// A scan shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(700);
const TICK: Duration = Duration::from_millis(100);

impl Display {
    /// Begins to show `progress` once the scan has gone on for a while.
    pub(crate) fn start(progress: Arc<Progress>, lang: Lang) -> Display {
        let over = Arc::new(AtomicBool::new(false));
        let seen = over.clone();
        let thread = std::thread::spawn(move || {
            std::thread::park_timeout(PATIENCE);
            if seen.load(Ordering::Relaxed) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            while !seen.load(Ordering::Relaxed) {
                let text = Message::Progress {
                    files: progress.files.load(Ordering::Relaxed),
                    bytes: &message::bytes(progress.bytes.load(Ordering::Relaxed)),
                    findings: progress.findings.load(Ordering::Relaxed),
                };
                bar.set_message(text.text(lang));
                bar.tick();
                std::thread::park_timeout(TICK);
            }
            bar.finish_and_clear();
        });
        Display { over, thread: Some(thread) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It only draws; whatever became of it, the scan is what counts.
            let _ = thread.join();
        }
    }
}
