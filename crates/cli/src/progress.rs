//! A progress bar for people: on standard error, on a terminal only, and only once a second has passed.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(1);

/// The work in hand. Cleared from the screen when dropped.
pub struct Progress {
    bar: ProgressBar,
    _done: Sender<()>,
}

impl Progress {
    /// Hidden for a second, then drawn if standard error is a terminal; never if `quiet`.
    pub fn new(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let (done, wait) = channel::<()>();
        if !quiet {
            let bar = bar.clone();
            std::thread::spawn(move || {
                // Ends early when the sender is dropped: short work draws nothing.
                if wait.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(100));
                }
            });
        }
        Self { bar, _done: done }
    }

    /// Begins a step of `length` units (rows, columns); 0 where nobody knows how many.
    pub fn step(&self, name: &str, length: u64) {
        let template = if length == 0 {
            "{spinner} {msg} {elapsed}"
        } else {
            "{spinner} {msg} {wide_bar} {percent:>3}%"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_message(name.to_string());
        self.bar.set_length(length);
        self.bar.set_position(0);
    }

    /// Units of the step that are done.
    pub fn at(&self, position: u64) {
        self.bar.set_position(position);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
