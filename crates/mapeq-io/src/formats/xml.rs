//! XML documents, with errors that name their lines.

use roxmltree::{Document, Error, Node, ParsingOptions};

use crate::error::{Fault, printable};

use super::document::{self, Located};

/// The document in `bytes`. Its definitions, if any, are of no use, but they are not wrong.
pub(crate) fn parse(bytes: &[u8]) -> Result<Document<'_>, Located> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(document::text(bytes)?, options).map_err(|error| {
        let mut problem = error.to_string();
        if !matches!(error, Error::NoRootNode | Error::NodesLimitReached | Error::UnclosedRootNode) {
            // The line is told in front.
            problem.truncate(problem.rfind(" at ").unwrap_or(problem.len()));
        }
        let fault = Fault::new(format!("not well-formed XML: {}", printable(&problem)));
        match u64::from(error.pos().row) {
            0 => fault.into(),
            line => Located::at_line(fault, line),
        }
    })
}

/// The outermost element, which has to be of the name `name`.
pub(crate) fn root<'d>(document: &'d Document<'d>, name: &str) -> Result<Node<'d, 'd>, Located> {
    let root = document.root_element();
    if root.tag_name().name() == name {
        return Ok(root);
    }
    let fault = Fault::token(root.tag_name().name().as_bytes(), "is the outermost element", format!("\"{name}\""));
    Err(at(root, fault))
}

/// An attribute that has to be there.
pub(crate) fn attribute<'d>(element: Node<'d, 'd>, name: &str) -> Result<&'d str, Located> {
    element.attribute(name).ok_or_else(|| {
        let tag = element.tag_name().name();
        at(element, Fault::new(format!("the element \"{tag}\" has no \"{name}\": expected this attribute")))
    })
}

/// The fault, in the line where the element begins.
pub(crate) fn at(element: Node<'_, '_>, fault: Fault) -> Located {
    Located::at_line(fault, u64::from(element.document().text_pos_at(element.range().start).row))
}

/// The elements of the name `name` directly below another one.
pub(crate) fn children<'d>(parent: Node<'d, 'd>, name: &'static str) -> impl Iterator<Item = Node<'d, 'd>> {
    parent.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}
