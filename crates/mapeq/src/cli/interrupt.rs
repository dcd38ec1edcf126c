//! Ctrl-C: the first one asks a running search to end with the best so far, any other ends the program at once.

use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering::SeqCst};

use super::exit::INTERRUPTED;

/// There is no result yet that could be saved.
const NOTHING_TO_SAVE: u8 = 0;
/// The search can be asked to end.
const SEARCHING: u8 = 1;
/// It has been asked to.
const REQUESTED: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(NOTHING_TO_SAVE);

/// Listens from now on. Where that is not possible, an interrupt ends the program.
pub(crate) fn install() {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| drop(ctrlc::set_handler(interrupted)));
    STATE.store(NOTHING_TO_SAVE, SeqCst);
}

/// From now on an interrupt is a request to end the search.
pub(crate) fn search_begins() {
    // Fails where a search has begun before: a request must not be forgotten.
    let _ = STATE.compare_exchange(NOTHING_TO_SAVE, SEARCHING, SeqCst, SeqCst);
}

/// Whether an interrupt has come since the search began.
pub(crate) fn requested() -> bool {
    STATE.load(SeqCst) == REQUESTED
}

fn interrupted() {
    if STATE.compare_exchange(SEARCHING, REQUESTED, SeqCst, SeqCst).is_ok() {
        eprintln!("\ninterrupted: ending the search with the best so far (again to end at once)");
    } else {
        std::process::exit(i32::from(INTERRUPTED));
    }
}
