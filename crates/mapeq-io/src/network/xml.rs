//! XML documents, element by element. Errors name their lines.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::encoding::EncodingError;
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{self, BytesStart};

use crate::error::{Fault, ReadError, printable};
use crate::network::file::NetworkFile;
use crate::scan::document::{LocatedFault, line_at};
use crate::scan::source::Source;

/// Bytes read at a time.
const BLOCK: usize = 1 << 16;

/// A document that is being read.
pub(crate) struct Xml<'s> {
    reader: Reader<Lines<'s>>,
    buffer: Vec<u8>,
    /// First line of every open element, from the outermost one.
    open: Vec<u64>,
    /// Whether the outermost element has ended.
    ended: bool,
}

/// The next part of a document.
pub(crate) enum Event {
    Start(Element),
    /// Text, or a part of it, in the innermost open element.
    Text(String),
    /// The innermost open element ends.
    End,
    /// The document ends.
    Eof,
}

/// The start of an element.
pub(crate) struct Element {
    tag: BytesStart<'static>,
    line: u64,
}

/// A document cannot be read.
pub(crate) enum Problem {
    Fault(LocatedFault),
    Io(io::Error),
}

impl From<LocatedFault> for Problem {
    fn from(located: LocatedFault) -> Self {
        Self::Fault(located)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault.into())
    }
}

/// Parses the document in `source`.
pub(crate) fn read(
    mut source: Source<'_>,
    parse: impl FnOnce(&mut Xml<'_>) -> Result<NetworkFile, Problem>,
) -> Result<NetworkFile, ReadError> {
    source.skip_bom()?;
    let mut reader = Reader::from_reader(Lines { bytes: BufReader::with_capacity(BLOCK, source), ended: 0 });
    reader.config_mut().expand_empty_elements = true;
    let mut xml = Xml { reader, buffer: Vec::new(), open: Vec::new(), ended: false };
    let outcome = parse(&mut xml);
    let mut source = xml.reader.into_inner().bytes.into_inner();
    outcome.map_err(|problem| match problem {
        Problem::Fault(located) => located.into_error(&mut source),
        Problem::Io(error) => source.read_error(error),
    })
}

impl Xml<'_> {
    /// Returns the next event. Definitions, comments and processing instructions are skipped.
    pub(crate) fn next(&mut self) -> Result<Event, Problem> {
        let Self { reader, buffer, open, ended } = self;
        loop {
            let line = reader.get_ref().ended + 1;
            buffer.clear();
            match reader.read_event_into(buffer) {
                Ok(events::Event::Start(_)) if open.is_empty() && *ended => {
                    return Err(ill_formed("a second outermost element", line));
                }
                Ok(events::Event::Text(text)) if open.is_empty() => {
                    if !text.into_inner().trim().is_empty() {
                        return Err(ill_formed("text outside the outermost element", line));
                    }
                }
                Ok(events::Event::GeneralRef(_) | events::Event::CData(_)) if open.is_empty() => {
                    return Err(ill_formed("text outside the outermost element", line));
                }
                Ok(events::Event::Start(tag)) => {
                    open.push(line);
                    return Ok(Event::Start(Element { tag: tag.into_owned(), line }));
                }
                Ok(events::Event::End(_)) => {
                    open.pop();
                    *ended = open.is_empty();
                    return Ok(Event::End);
                }
                Ok(events::Event::Text(text)) => return Ok(Event::Text(text.into_inner().into_owned())),
                Ok(events::Event::CData(text)) => return Ok(Event::Text(text.into_inner().into_owned())),
                Ok(events::Event::GeneralRef(reference)) => {
                    let character = match reference.resolve_char_ref() {
                        Ok(Some(character)) => character.to_string(),
                        Ok(None) => match resolve_predefined_entity(&reference) {
                            Some(text) => text.to_owned(),
                            None => return Err(ill_formed(&unknown_entity(&reference), line)),
                        },
                        Err(error) => return Err(ill_formed(&error.to_string(), line)),
                    };
                    return Ok(Event::Text(character));
                }
                Ok(events::Event::Eof) => match open.last() {
                    Some(&begun) => return Err(ill_formed("the element that starts here is not closed", begun)),
                    None if !*ended => return Err(ill_formed("there is no element", line)),
                    None => return Ok(Event::Eof),
                },
                Ok(_) => {}
                Err(quick_xml::Error::Io(error)) => {
                    return Err(Problem::Io(Arc::try_unwrap(error).unwrap_or_else(io::Error::other)));
                }
                Err(quick_xml::Error::Encoding(EncodingError::Utf8(error))) => {
                    let text = &buffer[..];
                    let place = error.valid_up_to().min(text.len());
                    let byte = &text[place..(place + 1).min(text.len())];
                    let fault = Fault::token(byte, "is not text", "valid UTF-8");
                    return Err(LocatedFault::at_line(fault, line + line_at(text, place) - 1).into());
                }
                Err(error) => return Err(ill_formed(&error.to_string(), line)),
            }
        }
    }
}

impl Element {
    /// Returns the name without a namespace.
    pub(crate) fn name(&self) -> &str {
        self.tag.local_name().into_inner()
    }

    /// Returns the values of the attributes with these names.
    pub(crate) fn attributes<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<Cow<'_, str>>; N], LocatedFault> {
        let mut values = [const { None }; N];
        for attribute in self.tag.attributes() {
            let attribute = attribute.map_err(|error| self.wrong_attribute(&error))?;
            let key = attribute.key.into_inner();
            if let Some(place) = names.iter().position(|name| *name == key) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let start = key.as_ptr() as usize - self.tag.as_ptr() as usize;
                values[place] = Some(value.map_err(|error| self.fault_inside(start, &wrong_value(&error)))?);
            }
        }
        Ok(values)
    }

    fn wrong_attribute(&self, error: &AttrError) -> LocatedFault {
        let (place, problem) = match *error {
            AttrError::ExpectedEq(place) => (place, "an attribute has no \"=\" after its name"),
            AttrError::ExpectedValue(place) => (place, "an attribute has no value"),
            AttrError::UnquotedValue(place) => (place, "the value of an attribute is not in quotes"),
            AttrError::ExpectedQuote(place, _) => (place, "the value of an attribute has no closing quote"),
            AttrError::Duplicated(place, _) => (place, "an attribute is repeated"),
        };
        self.fault_inside(place, problem)
    }

    /// Returns a fault at a position inside the tag, with its line.
    fn fault_inside(&self, place: usize, problem: &str) -> LocatedFault {
        LocatedFault::at_line(not_well_formed(problem), self.line + line_at(self.tag.as_bytes(), place) - 1)
    }

    /// Returns the value of a required attribute.
    pub(crate) fn required<'v>(&self, name: &str, value: &'v Option<Cow<'_, str>>) -> Result<&'v str, LocatedFault> {
        value.as_deref().ok_or_else(|| {
            let tag = self.name();
            self.at(Fault::new(format!("the element \"{tag}\" has no \"{name}\": expected this attribute")))
        })
    }

    /// Checks the name of the outermost element.
    pub(crate) fn expect_name(&self, name: &str) -> Result<(), LocatedFault> {
        if self.name() == name {
            return Ok(());
        }
        Err(self.at(Fault::token(self.name().as_bytes(), "is the outermost element", format!("\"{name}\""))))
    }

    /// Returns the first line of the element.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Adds the line of the element to a fault.
    pub(crate) fn at(&self, fault: Fault) -> LocatedFault {
        LocatedFault::at_line(fault, self.line)
    }
}

fn ill_formed(problem: &str, line: u64) -> Problem {
    LocatedFault::at_line(not_well_formed(problem), line).into()
}

/// Describes the error of an attribute value.
fn wrong_value(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => unknown_entity(name),
        quick_xml::Error::Escape(EscapeError::UnterminatedEntity(_)) => "\"&\" without \";\"".to_owned(),
        other => other.to_string(),
    }
}

fn unknown_entity(name: &str) -> String {
    format!("unknown entity \"{name}\"")
}

fn not_well_formed(problem: &str) -> Fault {
    let kinds = ["syntax error: ", "ill-formed document: "];
    let problem = kinds.iter().find_map(|kind| problem.strip_prefix(kind)).unwrap_or(problem);
    Fault::new(format!("not well-formed XML: {}", printable(problem)))
}

/// Counts the line feeds in the bytes that have been read.
struct Lines<'s> {
    bytes: BufReader<Source<'s>>,
    ended: u64,
}

impl Read for Lines<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(bytes)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Lines<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.ended += memchr::memchr_iter(b'\n', &self.bytes.buffer()[..bytes]).count() as u64;
        self.bytes.consume(bytes);
    }
}
