//! Ctrl-C: the first one ends a running search with the best result so far, any other ends the
//! program at once.

use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering::SeqCst};

use super::exit::INTERRUPTED;

/// No search has begun, so there is no result to save.
const IDLE: u8 = 0;
/// A search is running and can be ended.
const SEARCHING: u8 = 1;
/// The end of the search has been requested.
const REQUESTED: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(IDLE);

/// Installs the handler of interrupts. If that fails, an interrupt ends the program.
pub(crate) fn install() {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| drop(ctrlc::set_handler(interrupted)));
    STATE.store(IDLE, SeqCst);
}

/// Makes the next interrupt a request to end the search.
pub(crate) fn search_begins() {
    // Fails if another search has begun before. A request is kept.
    let _ = STATE.compare_exchange(IDLE, SEARCHING, SeqCst, SeqCst);
}

/// Returns whether an interrupt has occurred since the search began.
pub(crate) fn requested() -> bool {
    STATE.load(SeqCst) == REQUESTED
}

fn interrupted() {
    if STATE.compare_exchange(SEARCHING, REQUESTED, SeqCst, SeqCst).is_ok() {
        eprintln!("\ninterrupted: ending the search with the best result so far (again to end at once)");
    } else {
        std::process::exit(i32::from(INTERRUPTED));
    }
}
