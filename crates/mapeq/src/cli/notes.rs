//! Notes and warnings for the user.

use super::args::CommonArgs;

/// What is worth telling the user, in the order in which it came up.
#[derive(Default)]
pub(crate) struct Notes(Vec<Note>);

struct Note {
    label: &'static str,
    text: String,
}

impl Notes {
    /// Something that was done, or left, differently from what the user may expect.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.say("note", text.into());
    }

    /// Something that may make the result worthless.
    pub(crate) fn warning(&mut self, text: impl Into<String>) {
        self.say("warning", text.into());
    }

    /// Says it, once.
    fn say(&mut self, label: &'static str, text: String) {
        if self.0.iter().all(|note| note.text != text) {
            self.0.push(Note { label, text });
        }
    }

    /// One line each on standard error, unless the user wants quiet or gets them as JSON.
    pub(crate) fn print(&self, common: &CommonArgs) {
        if !common.quiet && !common.json {
            self.0.iter().for_each(|Note { label, text }| eprintln!("{label}: {text}"));
        }
    }

    /// The texts alone.
    pub(crate) fn into_texts(self) -> Vec<String> {
        self.0.into_iter().map(|note| note.text).collect()
    }
}
