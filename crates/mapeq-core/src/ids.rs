//! External ids and names of nodes, as the input gave them.

use std::borrow::Cow;

/// Many short strings in one allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StringTable {
    text: String,
    ends: Vec<usize>,
}

impl StringTable {
    /// Creates a table of consecutive strings in `text` from their ends.
    ///
    /// Returns `None` if the ends decrease, do not reach the end of the text, or split a character.
    ///
    /// # Complexity
    /// O(strings).
    pub fn from_parts(text: String, ends: Vec<usize>) -> Option<Self> {
        let cuts = ends.is_sorted() && ends.iter().all(|&end| text.is_char_boundary(end));
        (cuts && ends.last().copied().unwrap_or(0) == text.len()).then_some(Self { text, ends })
    }

    /// Returns all strings, concatenated without separators.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the end of each string in [`text`](Self::text).
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Appends a string and returns its position.
    pub fn push(&mut self, string: &str) -> usize {
        self.text.push_str(string);
        self.ends.push(self.text.len());
        self.ends.len() - 1
    }

    /// Returns the string at `position`.
    pub fn at(&self, position: usize) -> &str {
        let start = if position == 0 { 0 } else { self.ends[position - 1] };
        &self.text[start..self.ends[position]]
    }

    /// Returns the number of strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there is no string.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Iterates over all strings in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|position| self.at(position))
    }
}

impl<'a> FromIterator<&'a str> for StringTable {
    fn from_iter<I: IntoIterator<Item = &'a str>>(strings: I) -> Self {
        let mut table = Self::default();
        for string in strings {
            table.push(string);
        }
        table
    }
}

/// External ids, in the order of the nodes, physical nodes or layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeIds {
    /// Consecutive numbers: node `i` has the id `first + i`.
    Consecutive {
        /// Id of node 0.
        first: u64,
        /// Number of nodes.
        len: usize,
    },
    /// Ascending numbers.
    Numbers(Box<[u64]>),
    /// Strings, in order of first appearance in the input.
    Strings(StringTable),
}

impl NodeIds {
    /// Creates ids from ascending numbers, stored without an array if they are consecutive.
    ///
    /// # Panics
    /// If the ids do not strictly ascend.
    pub fn ascending(ids: Vec<u64>) -> Self {
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "ids ascend");
        match (ids.first(), ids.last()) {
            (None, _) | (_, None) => Self::Consecutive { first: 0, len: 0 },
            (Some(&first), Some(&last)) if last - first == ids.len() as u64 - 1 => {
                Self::Consecutive { first, len: ids.len() }
            }
            _ => Self::Numbers(ids.into()),
        }
    }

    /// Returns the number of nodes.
    pub fn len(&self) -> usize {
        match self {
            Self::Consecutive { len, .. } => *len,
            Self::Numbers(ids) => ids.len(),
            Self::Strings(ids) => ids.len(),
        }
    }

    /// Returns whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the id of `node` as text.
    pub fn text(&self, node: usize) -> Cow<'_, str> {
        match self {
            Self::Consecutive { first, .. } => (first + node as u64).to_string().into(),
            Self::Numbers(ids) => ids[node].to_string().into(),
            Self::Strings(ids) => ids.at(node).into(),
        }
    }

    /// Returns the id of `node` as a number, or `None` for string ids.
    pub fn number(&self, node: usize) -> Option<u64> {
        match self {
            Self::Consecutive { first, .. } => Some(first + node as u64),
            Self::Numbers(ids) => Some(ids[node]),
            Self::Strings(_) => None,
        }
    }

    /// Returns the number of nodes with a numeric id below `id`, which are the first nodes. 0 for
    /// string ids.
    ///
    /// # Complexity
    /// O(log nodes).
    pub fn numbers_below(&self, id: u64) -> u32 {
        match self {
            Self::Consecutive { first, len } => id.saturating_sub(*first).min(*len as u64) as u32,
            Self::Numbers(ids) => ids.partition_point(|&other| other < id) as u32,
            Self::Strings(_) => 0,
        }
    }

    /// Returns the node with the numeric id `id`, or `None` for string ids.
    ///
    /// # Complexity
    /// O(log nodes).
    pub fn find_number(&self, id: u64) -> Option<usize> {
        match self {
            Self::Consecutive { first, len } => {
                let node = usize::try_from(id.checked_sub(*first)?).ok()?;
                (node < *len).then_some(node)
            }
            Self::Numbers(ids) => ids.binary_search(&id).ok(),
            Self::Strings(_) => None,
        }
    }
}

/// External ids and optional names of physical nodes or layers.
#[derive(Clone, Debug, PartialEq)]
pub struct IdTable {
    /// External ids.
    pub ids: NodeIds,
    /// Names, if the input gave any; an entry without one has the empty string here.
    pub names: Option<StringTable>,
}

impl IdTable {
    /// Creates a table without names.
    pub fn new(ids: NodeIds) -> Self {
        Self { ids, names: None }
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns the name of entry `index`, or its id if it has no name.
    pub fn name(&self, index: usize) -> Cow<'_, str> {
        name_or_id(self.names.as_ref(), &self.ids, index)
    }
}

/// Returns the name at `index`, or the id if there is no name.
pub(crate) fn name_or_id<'a>(names: Option<&'a StringTable>, ids: &'a NodeIds, index: usize) -> Cow<'a, str> {
    match names {
        Some(names) if !names.at(index).is_empty() => names.at(index).into(),
        _ => ids.text(index),
    }
}
