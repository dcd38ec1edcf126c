//! Newick files: nested parentheses around node ids, `(((3:0.2,1:0.1):0.3,(4:0.7):0.7):1);`, with a
//! pair for every module. Branch lengths and names of modules are ignored.
//!
//! J. Felsenstein, The Newick tree format, <https://phylipweb.github.io/phylip/newicktree.html>
//! (1990).

use mapeq_core::NodeTable;

use crate::error::{Fault, Quoted};
use crate::partition::builder::{PartitionBuilder, PartitionFile};
use crate::partition::paths::{PathTree, assign_row, build_partition};
use crate::partition::state_lookup::StateLookup;
use crate::scan::document::{LocatedFault, line_at, text};

/// Maximum depth of nesting. Far beyond any tree of modules, and a bound on the work that a
/// malicious file can cause.
const MAX_DEPTH: usize = 1000;

pub(crate) fn parse(bytes: &[u8], nodes: &NodeTable) -> Result<PartitionFile, LocatedFault> {
    let text = text(bytes)?;
    // A pair of parentheses around the whole tree is its root, written as a branch. A first pass
    // over all leaves detects it, and also whether leaves are physical nodes instead of states.
    let (mut wrapped, mut leaves) = (true, 0);
    let mut physical = nodes.states.as_ref().map(|states| (StateLookup::new(states), true));
    Parser::new(text).for_each_leaf(|leaf| {
        leaves += 1;
        wrapped &= leaf.path.len() > 1 && leaf.path[0] == 1;
        if let Some((places, all)) = &mut physical {
            *all &= matches!(places.find_physical(leaf.label.as_bytes()), Ok(Some(_)));
        }
        Ok(())
    })?;
    let one_each = nodes.states.as_ref().is_some_and(|states| leaves == states.physical_nodes.len());
    let physical = one_each && leaves != nodes.len() && physical.is_some_and(|(_, all)| all);
    let (mut builder, mut modules) =
        (PartitionBuilder::new(nodes).with_unit("leaf"), PathTree::new().with_unit("leaf"));
    let mut number = 0;
    Parser::new(text).for_each_leaf(|leaf| {
        number += 1;
        let path = &leaf.path[usize::from(wrapped)..];
        assign_row(&mut builder, [Some(leaf.label.as_bytes()), None, None], physical, number, || {
            modules.insert(path, number)
        })
    })?;
    Ok(build_partition(builder, modules)?)
}

struct Leaf<'p> {
    /// Positions of the enclosing pairs and of the leaf, from 1.
    path: &'p [u64],
    label: &'p str,
}

struct Parser<'t> {
    text: &'t str,
    place: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, place: 0 }
    }

    /// Calls `work` with every leaf.
    fn for_each_leaf(&mut self, mut work: impl FnMut(Leaf<'_>) -> Result<(), Fault>) -> Result<(), LocatedFault> {
        // Numbers of children of the open pairs.
        let mut open: Vec<u64> = Vec::new();
        // Whether a child may begin here.
        let mut begins = true;
        loop {
            self.skip_blanks()?;
            match self.text[self.place..].chars().next() {
                Some('(') if begins => {
                    if open.len() == MAX_DEPTH {
                        return Err(self.fault(format!("more than {MAX_DEPTH} levels of modules: expected fewer")));
                    }
                    open.last_mut().into_iter().for_each(|children| *children += 1);
                    open.push(0);
                    self.place += 1;
                }
                Some(',') if !begins && !open.is_empty() => {
                    self.place += 1;
                    begins = true;
                }
                Some(')') if !begins && !open.is_empty() => {
                    self.place += 1;
                    open.pop();
                    self.skip_blanks()?;
                    self.label()?;
                    self.length()?;
                }
                Some(';') if !begins && open.is_empty() => return Ok(()),
                Some(c) if begins && !open.is_empty() && !"(),:;[]".contains(c) => {
                    let place = self.place;
                    let label = self.label()?;
                    self.length()?;
                    open.last_mut().into_iter().for_each(|children| *children += 1);
                    work(Leaf { path: &open, label: &label })
                        .map_err(|fault| LocatedFault::at_line(fault, line_at(self.text.as_bytes(), place)))?;
                    begins = false;
                }
                found => {
                    let expected = match (begins, open.is_empty()) {
                        (true, true) => "\"(\"",
                        (true, false) => "\"(\" or an id",
                        (false, true) => "\";\"",
                        (false, false) => "\",\" or \")\"",
                    };
                    return Err(match found {
                        None => self.fault(format!("the tree is truncated: expected {expected}")),
                        Some(c) => {
                            self.fault(format!("unexpected {}: expected {expected}", Quoted(c.to_string().as_bytes())))
                        }
                    });
                }
            }
        }
    }

    /// Parses an optional label. In a quoted label, two quotes mean one.
    fn label(&mut self) -> Result<String, LocatedFault> {
        let rest = &self.text[self.place..];
        let Some(quoted) = rest.strip_prefix('\'') else {
            let end = rest.find(|c: char| c.is_whitespace() || "(),:;[]'".contains(c)).unwrap_or(rest.len());
            self.place += end;
            return Ok(rest[..end].to_owned());
        };
        let mut label = String::new();
        let mut left = quoted;
        loop {
            let Some(end) = left.find('\'') else {
                return Err(self.fault("the id has no closing quote: expected '".to_owned()));
            };
            label.push_str(&left[..end]);
            left = &left[end + 1..];
            match left.strip_prefix('\'') {
                Some(more) => {
                    label.push('\'');
                    left = more;
                }
                None => break,
            }
        }
        self.place = self.text.len() - left.len();
        Ok(label)
    }

    /// Skips a colon and a branch length, if any.
    fn length(&mut self) -> Result<(), LocatedFault> {
        self.skip_blanks()?;
        if self.text[self.place..].starts_with(':') {
            self.place += 1;
            self.skip_blanks()?;
            self.label()?;
        }
        Ok(())
    }

    /// Skips blanks and comments in brackets.
    fn skip_blanks(&mut self) -> Result<(), LocatedFault> {
        loop {
            let rest = &self.text[self.place..];
            self.place += rest.len() - rest.trim_start().len();
            if !self.text[self.place..].starts_with('[') {
                return Ok(());
            }
            let Some(end) = self.text[self.place..].find(']') else {
                return Err(self.fault("the comment is not closed: expected ]".to_owned()));
            };
            self.place += end + 1;
        }
    }

    fn fault(&self, problem: String) -> LocatedFault {
        LocatedFault::at_line(Fault::new(problem), line_at(self.text.as_bytes(), self.place))
    }
}
