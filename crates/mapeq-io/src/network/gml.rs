//! GML files.
//!
//! ```text
//! graph [ directed 0 node [ id 1 label "alice" ] node [ id 2 ]
//!   edge [ source 1 target 2 weight 2.5 ]
//! ]
//! ```
//!
//! The keys `id` and `label` of nodes, and `source`, `target` and `weight` (or `value`) of edges
//! are used.
//!
//! M. Himsolt, GML: a portable graph file format, technical report, University of Passau (1997).

use crate::error::{Fault, Quoted};
use crate::network::file::NetworkFile;
use crate::network::graph::Graph;
use crate::network::options::ReadOptions;
use crate::network::weight::link_weight;
use crate::scan::document::{self, LocatedFault};

/// Returns whether a file with this first line is a GML file, which begins with a list `graph` or
/// with `Creator`.
pub(crate) fn begins(line: &[u8]) -> bool {
    let after = |word: &[u8]| {
        line.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|_| &line[word.len()..])
    };
    after(b"graph").is_some_and(|rest| rest.is_empty() || rest.trim_ascii_start().starts_with(b"["))
        || after(b"creator").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""))
}

pub(crate) fn parse(bytes: &[u8], options: &ReadOptions) -> Result<NetworkFile, LocatedFault> {
    let mut tokens = Tokens { text: document::text(bytes)?, line: 1 };
    let mut reader = Reader {
        graph: Graph::new(options),
        open: Vec::new(),
        directed: false,
        graphs: 0,
        attributes: Attributes::default(),
    };
    while let Some((token, line)) = tokens.next()? {
        let located = |fault| LocatedFault::at_line(fault, line);
        let key = match token {
            Token::Word(key) => key,
            Token::Close if !reader.open.is_empty() => {
                reader.close().map_err(located)?;
                continue;
            }
            Token::Close => return Err(located(Fault::new("unmatched \"]\": expected a key"))),
            Token::Open => return Err(located(Fault::new("\"[\" has no key: expected a key before it"))),
            Token::Text(text) => return Err(located(Fault::token(text.as_bytes(), "has no key", "a key before it"))),
        };
        let Some((value, line)) = tokens.next()? else {
            return Err(located(Fault::token(key.as_bytes(), "is the last token", "a value after it")));
        };
        let taken = match value {
            Token::Open => reader.open(key),
            Token::Close => Err(Fault::token(key.as_bytes(), "has no value", "a number, a text in quotes or a list")),
            Token::Word(text) | Token::Text(text) => reader.value(key, text),
        };
        taken.map_err(|fault| LocatedFault::at_line(fault, line))?;
    }
    if let Some(open) = reader.open.last() {
        return Err(Fault::new(format!("the file ends inside {}: expected \"]\"", Quoted(open.as_bytes()))).into());
    }
    if reader.graphs == 0 {
        return Err(Fault::new("there is no graph: expected `graph [ … ]`").into());
    }
    Ok(reader.graph.finish()?)
}

enum Token<'t> {
    Open,
    Close,
    /// A key or a number.
    Word(&'t str),
    /// A text in quotes.
    Text(&'t str),
}

struct Tokens<'t> {
    text: &'t str,
    line: u64,
}

impl<'t> Tokens<'t> {
    /// Returns the next token and its line.
    fn next(&mut self) -> Result<Option<(Token<'t>, u64)>, LocatedFault> {
        loop {
            let start = self.text.find(|c: char| !c.is_whitespace()).unwrap_or(self.text.len());
            self.skip(start);
            if !self.text.starts_with('#') {
                break;
            }
            self.skip(self.text.find('\n').unwrap_or(self.text.len()));
        }
        let line = self.line;
        let Some(first) = self.text.chars().next() else { return Ok(None) };
        let token = match first {
            '[' => {
                self.skip(1);
                Token::Open
            }
            ']' => {
                self.skip(1);
                Token::Close
            }
            '"' => {
                self.skip(1);
                let Some(end) = self.text.find('"') else {
                    return Err(LocatedFault::at_line(Fault::new("the text has no closing quote: expected \""), line));
                };
                let text = &self.text[..end];
                self.skip(end + 1);
                Token::Text(text)
            }
            _ => {
                let is_end = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '"');
                let end = self.text.find(is_end).unwrap_or(self.text.len());
                let word = &self.text[..end];
                self.skip(end);
                Token::Word(word)
            }
        };
        Ok(Some((token, line)))
    }

    fn skip(&mut self, bytes: usize) {
        let (skipped, rest) = self.text.split_at(bytes);
        self.line += memchr::memchr_iter(b'\n', skipped.as_bytes()).count() as u64;
        self.text = rest;
    }
}

/// Values of the current node or edge.
#[derive(Default)]
struct Attributes<'t> {
    id: Option<&'t str>,
    label: Option<&'t str>,
    source: Option<&'t str>,
    target: Option<&'t str>,
    weight: Option<f64>,
    value: Option<f64>,
}

struct Reader<'t, 'a> {
    graph: Graph<'a>,
    /// Keys of the open lists.
    open: Vec<&'t str>,
    directed: bool,
    graphs: u64,
    attributes: Attributes<'t>,
}

impl<'t> Reader<'t, '_> {
    fn open(&mut self, key: &'t str) -> Result<(), Fault> {
        if self.open.is_empty() && key.eq_ignore_ascii_case("graph") {
            self.graphs += 1;
            if self.graphs > 1 {
                return Err(Fault::new("a second graph: expected one in a file"));
            }
        }
        self.open.push(key);
        if self.element().is_some() {
            self.attributes = Attributes::default();
        }
        Ok(())
    }

    /// Returns `node` or `edge` if that is the innermost open list.
    fn element(&self) -> Option<&'t str> {
        match self.open[..] {
            [graph, element] if graph.eq_ignore_ascii_case("graph") => Some(element),
            _ => None,
        }
    }

    fn value(&mut self, key: &str, text: &'t str) -> Result<(), Fault> {
        if self.open.len() == 1 && self.open[0].eq_ignore_ascii_case("graph") && key.eq_ignore_ascii_case("directed") {
            self.directed = match text {
                "0" => false,
                "1" => true,
                _ => {
                    return Err(Fault::token(text.as_bytes(), "is not a value of `directed`", "0 or 1"));
                }
            };
        }
        let Some(element) = self.element() else { return Ok(()) };
        let edge = element.eq_ignore_ascii_case("edge");
        let attributes = &mut self.attributes;
        match key.to_ascii_lowercase().as_str() {
            "id" => attributes.id = Some(text),
            "label" => attributes.label = Some(text),
            "source" => attributes.source = Some(text),
            "target" => attributes.target = Some(text),
            "weight" if edge => attributes.weight = Some(link_weight(text.as_bytes())?),
            // `value` may hold anything. It counts as a weight only if it is a valid one.
            "value" if edge => attributes.value = link_weight(text.as_bytes()).ok(),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let element = self.element();
        self.open.pop();
        let attributes = &self.attributes;
        let lacks =
            |what: &str, key: &str| Fault::new(format!("the {what} has no {key}: expected `{key}` and a value"));
        match element.map(str::to_ascii_lowercase).as_deref() {
            Some("node") => {
                let id = attributes.id.ok_or_else(|| lacks("node", "id"))?;
                self.graph.node(&unescaped(id), &unescaped(attributes.label.unwrap_or_default()))
            }
            Some("edge") => {
                let source = attributes.source.ok_or_else(|| lacks("edge", "source"))?;
                let target = attributes.target.ok_or_else(|| lacks("edge", "target"))?;
                let weight = attributes.weight.or(attributes.value).unwrap_or(1.0);
                self.graph.link(&unescaped(source), &unescaped(target), weight, self.directed)
            }
            _ => Ok(()),
        }
    }
}

/// Resolves the escapes of quotes and of characters beyond ASCII.
fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut parts = text.split('&');
    let mut unescaped = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let escaped = part.split_once(';').and_then(|(name, rest)| {
            let c = match name {
                "quot" => Some('"'),
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "apos" => Some('\''),
                _ => name.strip_prefix('#').and_then(|code| code.parse().ok()).and_then(char::from_u32),
            };
            c.map(|c| (c, rest))
        });
        match escaped {
            Some((c, rest)) => unescaped.extend([c.encode_utf8(&mut [0; 4]), rest]),
            None => unescaped.extend(["&", part]),
        }
    }
    unescaped.into()
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes() {
        assert_eq!(unescaped("a &quot;b&quot; &amp;amp; &#228; & c; &x;"), "a \"b\" &amp; ä & c; &x;");
    }
}
