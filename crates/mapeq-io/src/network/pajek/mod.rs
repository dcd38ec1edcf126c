//! Link lists and Pajek files.
//!
//! Rows before the first heading are links, so a plain list needs no heading. Sections may have any
//! order and may be repeated:
//!
//! ```text
//! *Vertices 2
//! 1 "A name" 2.5      id, name, optional weight
//! 2 B
//! *Edges              or *Arcs or *Links
//! 1 2 1.0             source, target, optional weight
//! ```
//!
//! In place of these headings, `*Bipartite 4` declares that ids from 4 on are features, and that
//! links join features with ordinary nodes.
//!
//! After `*States`, ids of links are state ids, and `*Vertices` describes physical nodes:
//!
//! ```text
//! *States
//! 4 1 "name" 0.5      state, physical node, optional name and weight
//! ```
//!
//! Multilayer networks have headings of their own: see `layers.rs`.
//!
//! Fields are separated by blanks. `#` begins a comment.

pub(crate) mod layers;
mod named_rows;
mod plain_rows;
mod states;

use mapeq_core::{Direction, Network};
use rayon::prelude::*;

use crate::error::{Fault, Quoted, ReadError, row_too_short};
use crate::network::builder::NetworkBuilder;
use crate::network::file::NetworkFile;
use crate::network::options::ReadOptions;
use crate::network::pajek::layers::{LayerRows, LayerSection};
use crate::network::pajek::named_rows::NamedRows;
use crate::network::pajek::plain_rows::ParsedRows;
use crate::network::pajek::states::{StateRows, mixed_dialects};
use crate::network::weight::weight_and_more;
use crate::scan::lines::Lines;
use crate::scan::source::Source;
use crate::scan::token::{fields, leading_whole, skip_blanks, split_data};

/// Description of a row of links in error messages.
const LINK_ROW: &str = "source target [weight]";

/// Bytes that are first parsed in bulk. The number doubles whenever all of them are rows of links.
/// It starts at the work of one thread, so that little is wasted if rows and headings alternate.
const INITIAL_BULK: usize = 1 << 16;

pub(crate) fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut parser = Parser::new(options);
    let mut bulk = INITIAL_BULK;
    let mut found = Vec::new();
    loop {
        if parser.expects_plain_links() {
            let parse = |text: &[u8]| {
                let text = &text[..plain_rows::line_end(text, bulk)];
                plain_rows::parse(text, options, &mut found);
                text.len()
            };
            let Some(tried) = lines.process_block(parse)? else { break };
            let mut done = 0;
            for rows in &found {
                parser.append(rows, lines.number());
                lines.advance(rows.bytes, rows.lines);
                done += rows.bytes;
            }
            if done == tried {
                bulk = bulk.saturating_mul(2);
                continue;
            }
            bulk = INITIAL_BULK;
        } else if parser.expects_named_links() {
            let line = lines.number();
            let parse_into = |text: &[u8]| {
                let text = &text[..plain_rows::line_end(text, bulk)];
                (text.len(), parse_into(text, options, &mut parser.builder, line))
            };
            let Some((tried, (line_count, bytes))) = lines.process_block(parse_into)? else { break };
            lines.advance(bytes, line_count);
            parser.number += line_count;
            if bytes == tried {
                bulk = bulk.saturating_mul(2);
                continue;
            }
            bulk = INITIAL_BULK;
        }
        let Some(line) = lines.next()? else { break };
        parser.line(line).map_err(|fault| lines.error(fault))?;
    }
    parser.into_file().map_err(|fault| fault.in_file(lines.path()))
}

/// Parses the links in `text`, which holds whole lines, in parallel, and adds them to `builder`.
/// Stops at the first line that is neither a link between text ids, nor a comment, nor blank.
/// Returns the numbers of parsed lines and bytes. `line` is the number of the line before `text`.
fn parse_into(text: &[u8], options: &ReadOptions, builder: &mut NetworkBuilder<'_>, line: u64) -> (u64, usize) {
    let pieces = plain_rows::pieces(text);
    let ids = builder.ids();
    let found: Vec<NamedRows> = pieces.par_iter().map(|piece| NamedRows::parse(piece, options, ids)).collect();
    let (mut lines, mut bytes) = (0, 0);
    for (rows, piece) in found.iter().zip(&pieces) {
        builder.append_named(&rows.ids, &rows.weights, &rows.skipped, line + lines);
        lines += rows.lines;
        bytes += rows.bytes;
        if rows.bytes < piece.len() {
            break;
        }
    }
    (lines, bytes)
}

/// Kind of the rows in a section.
#[derive(Clone, Copy, Debug)]
enum Section {
    Links,
    Vertices,
    States,
    Layered(LayerSection),
    Ignored,
}

/// Description of the states in a higher-order network.
enum HigherOrder<'a> {
    States(StateRows),
    Layers(Box<LayerRows<'a>>),
}

/// A parser of rows and headings, which may come from documents of other formats.
pub(crate) struct Parser<'a> {
    options: &'a ReadOptions,
    builder: NetworkBuilder<'a>,
    /// For higher-order networks, the description of states and the declared physical nodes.
    higher_order: Option<(HigherOrder<'a>, NetworkBuilder<'a>)>,
    section: Section,
    /// Number of the last line, from 1.
    number: u64,
    edges: bool,
    arcs: bool,
    ignored_sections: Vec<String>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        let builder = NetworkBuilder::new(options);
        let (edges, arcs) = (false, false);
        Self {
            options,
            builder,
            higher_order: None,
            section: Section::Links,
            number: 0,
            edges,
            arcs,
            ignored_sections: Vec::new(),
        }
    }

    /// Returns whether links between numeric ids are expected next.
    fn expects_plain_links(&self) -> bool {
        matches!(self.section, Section::Links) && self.builder.has_plain_ids() && !self.builder.is_bipartite()
    }

    /// Returns whether links between text ids are expected next.
    fn expects_named_links(&self) -> bool {
        matches!(self.section, Section::Links) && self.builder.has_string_ids()
    }

    /// Adds rows that were parsed in bulk, after line `line`.
    fn append(&mut self, rows: &ParsedRows, line: u64) {
        self.number = line + rows.lines;
        self.builder.append(&rows.links, &rows.skipped, line);
    }

    /// Parses the next line.
    pub(crate) fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        self.number += 1;
        if let Section::Links = self.section
            && !self.builder.has_string_ids()
            && let Some((source, rest)) = leading_whole(line)
            && let Some((target, rest)) = leading_whole(rest)
        {
            self.builder.check_kinds(source, target)?;
            let weight = self.weight(rest, "link", LINK_ROW)?.unwrap_or(1.0);
            self.builder.link(source, target, weight);
            return Ok(());
        }
        let line = skip_blanks(line);
        match (line.first(), self.section) {
            (None | Some(b'#' | b'%'), _) => Ok(()),
            (Some(b'*'), _) => self.heading(line),
            (_, Section::Links) => self.link(line),
            (_, Section::Vertices | Section::Layered(LayerSection::Layers)) => self.vertex(line),
            (_, Section::States) => self.state(line),
            (_, Section::Layered(section)) => self.layered(section, line),
            (_, Section::Ignored) => Ok(()),
        }?;
        Ok(())
    }

    fn heading(&mut self, line: &[u8]) -> Result<(), Fault> {
        let mut tokens = fields(line);
        let heading = tokens.next().unwrap_or(line);
        let known = |name: &&str| name.as_bytes().eq_ignore_ascii_case(&heading[1..]);
        if let Some(section) = self.higher_order_section(heading, known)? {
            self.section = section;
            return Ok(());
        }
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
                self.builder.features_from(first)?;
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
            None => {
                return Err(Fault::token(
                    heading,
                    "is not a known heading",
                    "*Vertices, *Edges, *Arcs, *Links, *Bipartite, *States, *Multilayer, *Intra or *Inter",
                ));
            }
        };
        Ok(())
    }

    /// Returns the section of a heading of higher-order networks, and prepares for its rows.
    /// Returns `None` for other headings.
    fn higher_order_section(
        &mut self,
        heading: &[u8],
        known: impl Fn(&&str) -> bool,
    ) -> Result<Option<Section>, Fault> {
        const SECTIONS: [(&str, Section); 6] = [
            ("states", Section::States),
            ("multilayer", Section::Layered(LayerSection::Multilayer)),
            ("multiplex", Section::Layered(LayerSection::Multilayer)),
            ("intra", Section::Layered(LayerSection::Intra)),
            ("inter", Section::Layered(LayerSection::Inter)),
            ("layers", Section::Layered(LayerSection::Layers)),
        ];
        let section = SECTIONS.iter().find(|(name, _)| known(name)).map(|&(_, section)| section);
        let Some(section) = section else {
            let links = ["edges", "arcs", "links", "bipartite"].iter().any(&known);
            return match &self.higher_order {
                Some((HigherOrder::Layers(_), _)) if links => Err(mixed_dialects(heading, "multilayer links")),
                Some((HigherOrder::States(_), _)) if known(&"bipartite") => Err(mixed_dialects(heading, "*States")),
                _ => Ok(None),
            };
        };
        if self.higher_order.is_none() {
            if self.builder.is_bipartite() || !self.builder.has_no_links() {
                let fault = Fault::new(format!("{} follows links: expected it before them", Quoted(heading)));
                return Err(fault.hint("ids of links are state ids only after this heading"));
            }
            if self.builder.has_string_ids() {
                let fault = Fault::new(format!("{} needs numeric ids: ids are text", Quoted(heading)));
                return Err(fault.hint("*Vertices can declare names for numeric ids"));
            }
            let higher_order = match section {
                Section::States => HigherOrder::States(StateRows::default()),
                _ => HigherOrder::Layers(Box::new(LayerRows::new(self.options))),
            };
            self.higher_order =
                Some((higher_order, std::mem::replace(&mut self.builder, NetworkBuilder::numeric(self.options))));
        }
        let fits = match (self.higher_order.as_mut().map(|(higher_order, _)| higher_order), section) {
            (Some(HigherOrder::States(_)), Section::States) => true,
            (Some(HigherOrder::States(_)), _) => return Err(mixed_dialects(heading, "*States")),
            (Some(HigherOrder::Layers(layers)), Section::Layered(own)) => layers.begin(own),
            _ => false,
        };
        if fits { Ok(Some(section)) } else { Err(mixed_dialects(heading, "another kind of multilayer links")) }
    }

    /// Parses a row of `*States`.
    fn state(&mut self, line: &[u8]) -> Result<(), Fault> {
        let Some((HigherOrder::States(states), _)) = &mut self.higher_order else {
            unreachable!("a section of states")
        };
        let Some(row) = states.row(line)? else { return Ok(()) };
        let weight = self.weight(row.rest, "state", states::ROW)?;
        self.builder.node(row.state, b"", weight)
    }

    /// Parses a row of multilayer links.
    fn layered(&mut self, section: LayerSection, line: &[u8]) -> Result<(), Fault> {
        let Some((HigherOrder::Layers(layers), _)) = &mut self.higher_order else {
            unreachable!("a section of layers")
        };
        layers.row(section, line, self.number)
    }

    /// Builds the network of all lines.
    pub(crate) fn into_file(mut self) -> Result<NetworkFile, Fault> {
        let directed_hint = self.directed_hint();
        let both = self.edges && self.arcs;
        let ignored = std::mem::take(&mut self.ignored_sections);
        let (network, mut notes) = self.finish()?;
        if both {
            notes.push("*Edges and *Arcs in one file: all links are read as one kind".to_owned());
        }
        notes.extend(ignored);
        Ok(NetworkFile { network, notes, directed_hint })
    }

    /// Builds the network and notes on skipped rows.
    fn finish(self) -> Result<(Network, Vec<String>), Fault> {
        match self.higher_order {
            None => self.builder.finish(),
            Some((HigherOrder::States(states), vertices)) => {
                let (network, mut notes) = self.builder.finish()?;
                let (states, note) = states.finish(&network.nodes().ids, &vertices.finish_nodes());
                notes.extend(note);
                Ok((network.with_states(states), notes))
            }
            Some((HigherOrder::Layers(layers), vertices)) => layers.finish(&vertices.finish_nodes()),
        }
    }

    /// Parses a row of links whose ids are not both plain numbers.
    fn link(&mut self, line: &[u8]) -> Result<(), Fault> {
        let Some((source, rest)) = split_data(line) else { return Ok(()) };
        let Some((target, rest)) = split_data(rest) else {
            return Err(row_too_short(source, "a target", LINK_ROW));
        };
        let mut extra = false;
        self.builder.link_of_tokens([source, target], || {
            let (weight, more) = weight_and_more(rest, "link", LINK_ROW)?;
            extra = more;
            Ok(weight.unwrap_or(1.0))
        })?;
        if extra {
            self.builder.extra_columns(self.number);
        }
        Ok(())
    }

    /// Parses a row `id name [weight]`. The name extends from the first to the last quote of the
    /// row, or is one field.
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
        let weight = self.weight(rest, "node", ROW)?;
        match (&mut self.higher_order, self.section) {
            (Some((HigherOrder::Layers(layers), _)), Section::Layered(_)) => layers.layer(id, name, weight),
            (Some((_, vertices)), _) => vertices.node(id, name, weight),
            (None, _) => self.builder.node(id, name, weight),
        }
    }

    /// Parses an optional weight of a link or node.
    #[inline(always)]
    fn weight(&mut self, rest: &[u8], of: &str, row: &str) -> Result<Option<f64>, Fault> {
        if skip_blanks(rest).is_empty() {
            return Ok(None);
        }
        let (weight, more) = weight_and_more(rest, of, row)?;
        if more {
            self.builder.extra_columns(self.number);
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
