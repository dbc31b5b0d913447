//! Signals that ask for the end (Ctrl-C, `kill`, the service manager): the first lets what is
//! under way come to an orderly end, the second ends the program at once.

/// Calls `stop` at the first signal.
#[cfg(unix)]
pub(crate) fn on_signal(stop: impl Fn() + Send + 'static) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    // Where the system refuses, a signal ends the program as it does any other; what was written
    // until then holds.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        let mut stopping = false;
        for signal in signals.forever() {
            if std::mem::replace(&mut stopping, true) {
                let _ = emulate_default_handler(signal);
            }
            stop();
        }
    });
}

/// Untested systems: the program ends at once.
#[cfg(not(unix))]
pub(crate) fn on_signal(_: impl Fn() + Send + 'static) {}
