//! Link lists and Pajek files.
//!
//! Rows before the first heading are links, so a plain list needs none. Sections may come in any order, repeatedly:
//!
//! ```text
//! *Vertices 2
//! 1 "A name" 2.5      id, name, optional weight
//! 2 B
//! *Edges              or *Arcs or *Links
//! 1 2 1.0             source, target, optional weight
//! ```
//!
//! In place of these headings, `*Bipartite 4` says that ids from 4 on are features, and that links join features with
//! nodes that are none.
//!
//! Fields are separated by blanks; `#` begins a comment.

use mapeq_core::Direction;

use crate::bulk::{self, Rows};
use crate::error::{Fault, Quoted, ReadError};
use crate::intake::{Intake, row_too_short};
use crate::lines::Lines;
use crate::network_file::{NetworkFile, ReadOptions};
use crate::source::Source;
use crate::token::{fields, leading_whole, looks_separated, real, skip_blanks, split_data};

/// How many bytes are tried at first as rows between plain numbers, by all threads; twice as many each time all of them
/// are. What one thread gets, so that nothing is in vain where rows and headings alternate.
const FIRST_REACH: usize = 1 << 16;

pub(crate) fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut parser = Parser::new(options);
    let mut reach = FIRST_REACH;
    let mut found = Vec::new();
    loop {
        if parser.is_in_plain_links() {
            let parse = |text: &[u8]| {
                let text = &text[..bulk::line_end(text, reach)];
                bulk::parse(text, options, &mut found);
                text.len()
            };
            let Some(tried) = lines.ahead(parse)? else { break };
            let mut done = 0;
            for rows in &found {
                parser.rows(rows, lines.number());
                lines.advance(rows.bytes, rows.lines);
                done += rows.bytes;
            }
            if done == tried {
                reach = reach.saturating_mul(2);
                continue;
            }
            reach = FIRST_REACH;
        }
        let Some(line) = lines.next()? else { break };
        parser.number += 1;
        parser.line(line).map_err(|fault| lines.error(fault))?;
    }
    let directed_hint = parser.directed_hint();
    let (network, mut notes) = parser.intake.finish().map_err(|fault| fault.in_file(lines.path()))?;
    if parser.edges && parser.arcs {
        notes.push("*Edges and *Arcs in one file: all links are read alike".to_owned());
    }
    notes.extend(parser.ignored_sections);
    Ok(NetworkFile { network, notes, directed_hint })
}

/// What the rows of a section are.
#[derive(Clone, Copy, Debug)]
enum Section {
    Links,
    Vertices,
    Ignored,
}

struct Parser<'a> {
    intake: Intake<'a>,
    section: Section,
    /// Number of the line read last, from 1.
    number: u64,
    /// Whether a row or heading has been seen.
    begun: bool,
    edges: bool,
    arcs: bool,
    ignored_sections: Vec<String>,
}

impl<'a> Parser<'a> {
    fn new(options: &'a ReadOptions) -> Self {
        let intake = Intake::new(options);
        let (edges, arcs, begun) = (false, false, false);
        Self { intake, section: Section::Links, number: 0, begun, edges, arcs, ignored_sections: Vec::new() }
    }

    /// Whether rows of links between plain numbers are what is most likely to come.
    fn is_in_plain_links(&self) -> bool {
        matches!(self.section, Section::Links) && self.intake.has_plain_ids() && !self.intake.is_bipartite()
    }

    /// Rows read by others, behind line `line`.
    fn rows(&mut self, rows: &Rows, line: u64) {
        self.number = line + rows.lines;
        self.intake.rows(rows, line);
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        if let Section::Links = self.section
            && !self.intake.has_string_ids()
            && let Some((source, rest)) = leading_whole(line)
            && let Some((target, rest)) = leading_whole(rest)
        {
            self.begun = true;
            self.intake.check_kinds(source, target)?;
            let weight = self.weight(rest, "link")?.unwrap_or(1.0);
            self.intake.link(source, target, weight);
            return Ok(());
        }
        let line = skip_blanks(line);
        match (line.first(), self.section) {
            (None | Some(b'#' | b'%'), _) => Ok(()),
            (Some(b'{'), _) if !self.begun => {
                Err(Fault::new("JSON networks are not supported by this version: expected a link list or a Pajek file"))
            }
            (Some(b'*'), _) => self.heading(line),
            (_, Section::Links) => self.link(line),
            (_, Section::Vertices) => self.vertex(line),
            (_, Section::Ignored) => Ok(()),
        }?;
        self.begun |= !matches!(line.first(), None | Some(b'#' | b'%'));
        Ok(())
    }

    fn heading(&mut self, line: &[u8]) -> Result<(), Fault> {
        let mut tokens = fields(line);
        let heading = tokens.next().unwrap_or(line);
        let known = |name: &&str| name.as_bytes().eq_ignore_ascii_case(&heading[1..]);
        self.section = match ["vertices", "edges", "arcs", "links", "bipartite", "paths", "contexts"]
            .iter()
            .find(|name| known(name))
        {
            Some(&"vertices") => Section::Vertices,
            Some(&"links") => Section::Links,
            Some(&"bipartite") => {
                let first = tokens.next();
                let first =
                    first.ok_or_else(|| row_too_short(heading, "the first id of a feature", "*Bipartite id"))?;
                self.intake.features_from(first)?;
                Section::Links
            }
            Some(&"edges") => {
                self.edges = true;
                Section::Links
            }
            Some(&"arcs") => {
                self.arcs = true;
                Section::Links
            }
            Some(_) => {
                self.ignored_sections.push(format!("section {} ignored (line {})", Quoted(heading), self.number));
                Section::Ignored
            }
            None if ["states", "multilayer", "multiplex", "intra", "inter"].iter().any(known) => {
                let message = format!("the section {} is not supported by this version", Quoted(heading));
                return Err(Fault::new(format!("{message}: expected *Vertices, *Edges, *Arcs, *Links or *Bipartite")));
            }
            None => {
                return Err(Fault::token(
                    heading,
                    "is not a known heading",
                    "*Vertices, *Edges, *Arcs, *Links or *Bipartite",
                ));
            }
        };
        Ok(())
    }

    /// A row of links whose ids are not both plain numbers.
    fn link(&mut self, line: &[u8]) -> Result<(), Fault> {
        const ROW: &str = "source target [weight]";
        let Some((source, rest)) = split_data(line) else { return Ok(()) };
        let Some((target, rest)) = split_data(rest) else {
            return Err(row_too_short(source, "a target", ROW));
        };
        let mut extra = false;
        self.intake.link_of_tokens([source, target], || {
            let (weight, more) = weight_and_more(rest, "link")?;
            extra = more;
            Ok(weight.unwrap_or(1.0))
        })?;
        if extra {
            self.intake.extra_columns(self.number);
        }
        Ok(())
    }

    /// A row `id name [weight]`; the name stands between the first and the last quote of the row, or is one field.
    fn vertex(&mut self, line: &[u8]) -> Result<(), Fault> {
        const ROW: &str = "id name [weight]";
        let Some((id, rest)) = split_data(line) else { return Ok(()) };
        let rest = skip_blanks(rest);
        let (name, rest) = if let Some(quoted) = rest.strip_prefix(b"\"") {
            let Some(end) = memchr::memrchr(b'"', quoted) else {
                return Err(Fault::token(
                    rest.trim_ascii_end(),
                    "has no closing quote",
                    "a name in quotes or one word",
                ));
            };
            (&quoted[..end], &quoted[end + 1..])
        } else {
            split_data(rest).ok_or_else(|| row_too_short(id, "a name", ROW))?
        };
        let weight = self.weight(rest, "node")?;
        self.intake.node(id, name, weight)
    }

    /// The weight of a link or node, if there is one.
    #[inline(always)]
    fn weight(&mut self, rest: &[u8], of: &str) -> Result<Option<f64>, Fault> {
        if skip_blanks(rest).is_empty() {
            return Ok(None);
        }
        let (weight, more) = weight_and_more(rest, of)?;
        if more {
            self.intake.extra_columns(self.number);
        }
        Ok(weight)
    }

    fn directed_hint(&self) -> Option<Direction> {
        match (self.edges, self.arcs) {
            (true, false) => Some(Direction::Undirected),
            (false, true) => Some(Direction::Directed),
            _ => None,
        }
    }
}

/// The weight in what follows the ids of a row, and whether there are columns behind it.
pub(crate) fn weight_and_more(rest: &[u8], of: &str) -> Result<(Option<f64>, bool), Fault> {
    let Some((token, rest)) = split_data(rest) else { return Ok((None, false)) };
    let problem = match real(token) {
        Some(weight) if weight >= 0.0 && weight.is_finite() => return Ok((Some(weight), split_data(rest).is_some())),
        Some(weight) if weight < 0.0 => format!("is a negative {of} weight"),
        Some(_) => format!("is not a finite {of} weight"),
        None => format!("is not a {of} weight"),
    };
    let fault = Fault::token(token, &problem, "a number >= 0");
    Err(if looks_separated(token) {
        fault.hint("fields are separated by blanks and decimals begin with a point")
    } else {
        let row = if of == "link" { "source target [weight]" } else { "id name [weight]" };
        fault.hint(format_args!("a row is `{row}`"))
    })
}
