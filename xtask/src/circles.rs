//! Import circles among the source files of a crate.
//!
//! A file depends on every file that defines something it names: `use` items and paths that begin
//! with `crate`, `super` or `self`, followed through re-exports. Code under `#[cfg(test)]` does not
//! count, nor does what a file imports from its own parent module (`use super::…`), which is how
//! Rust shares definitions inside a folder.

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

use crate::repository::TrackedFile;

/// A path of module names from the root of the crate.
type ModulePath = Vec<String>;

/// The imports of one source file.
#[derive(Default)]
struct SourceFile {
    path: String,
    /// Every path named in the file, from the root of the crate.
    imports: Vec<ModulePath>,
    /// Names that the file brings into its scope, and where they come from.
    aliases: BTreeMap<String, ModulePath>,
    /// Child modules that exist for tests only.
    test_modules: Vec<String>,
}

/// The source files of one crate by module path.
type SourceFiles = BTreeMap<ModulePath, SourceFile>;

/// Returns the sets of files that import each other in a circle, for the crate whose sources are
/// the `files` below `folder`.
///
/// # Errors
/// If a file cannot be parsed as Rust.
pub(crate) fn circles(files: &[TrackedFile], folder: &str) -> Result<Vec<Vec<String>>, String> {
    let sources = parse(files, folder)?;
    let mut graph = DiGraph::new();
    let nodes: BTreeMap<&ModulePath, _> = sources.keys().map(|module| (module, graph.add_node(module))).collect();
    for (module, file) in sources.iter().filter(|(module, _)| !is_for_tests(&sources, module)) {
        for import in &file.imports {
            let target = defining_module(&sources, import, 0);
            let is_parent = target.len() + 1 == module.len() && module.starts_with(&target);
            if target != *module && !is_parent {
                graph.update_edge(nodes[module], nodes[&target], ());
            }
        }
    }
    let components = tarjan_scc(&graph).into_iter().filter(|component| component.len() > 1);
    let mut found: Vec<Vec<String>> = components
        .map(|component| component.into_iter().map(|node| sources[graph[node]].path.clone()).collect())
        .collect();
    found.iter_mut().for_each(|circle| circle.sort());
    found.sort();
    Ok(found)
}

fn parse(files: &[TrackedFile], folder: &str) -> Result<SourceFiles, String> {
    let in_crate = |file: &&TrackedFile| file.path.starts_with(folder) && file.path.ends_with(".rs");
    let modules: Vec<(ModulePath, &TrackedFile)> =
        files.iter().filter(in_crate).map(|file| (module_path(&file.path[folder.len()..]), file)).collect();
    let mut sources = SourceFiles::new();
    for (module, file) in &modules {
        let syntax = syn::parse_file(&file.text).map_err(|error| format!("{}: {error}", file.path))?;
        let children = modules.iter().map(|(path, _)| path).filter(|path| path.len() == module.len() + 1);
        let children = children.filter(|path| path.starts_with(module)).filter_map(|path| path.last());
        let mut scope = Scope {
            module: module.clone(),
            children: children.cloned().collect(),
            file: SourceFile { path: file.path.clone(), ..SourceFile::default() },
        };
        scope.visit_file(&syntax);
        sources.insert(module.clone(), scope.file);
    }
    Ok(sources)
}

/// The module path of `a/b.rs` or `a/b/mod.rs` is `[a, b]`; that of `lib.rs` and `main.rs` is
/// empty.
fn module_path(file: &str) -> ModulePath {
    let mut path: ModulePath = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let last = path.last().map(String::as_str);
    if last == Some("mod") || path.len() == 1 && matches!(last, Some("lib" | "main")) {
        path.pop();
    }
    path
}

fn is_for_tests(sources: &SourceFiles, module: &ModulePath) -> bool {
    (0..module.len())
        .any(|depth| sources.get(&module[..depth]).is_some_and(|parent| parent.test_modules.contains(&module[depth])))
}

/// The module whose file defines `path`, followed through re-exports.
fn defining_module(sources: &SourceFiles, path: &[String], depth: usize) -> ModulePath {
    /// More re-exports of re-exports than any crate has.
    const MAX_DEPTH: usize = 20;
    let mut module = ModulePath::new();
    for (at, name) in path.iter().enumerate() {
        module.push(name.clone());
        if sources.contains_key(&module) {
            continue;
        }
        module.pop();
        let alias = sources.get(&module).and_then(|file| file.aliases.get(name));
        return match alias {
            Some(target) if depth < MAX_DEPTH => {
                defining_module(sources, &[target, &path[at + 1..]].concat(), depth + 1)
            }
            _ => module,
        };
    }
    module
}

/// Collects the imports of a file.
struct Scope {
    /// The module at the place that is visited: that of the file, or one inside it.
    module: ModulePath,
    children: Vec<String>,
    file: SourceFile,
}

impl Scope {
    /// The path from the root of the crate, or `None` if `path` leads to another crate.
    fn absolute(&self, path: &[String]) -> Option<ModulePath> {
        let mut base = self.module.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => {
                base.clear();
                rest = &path[1..];
            }
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            name if self.children.iter().any(|child| child == name) => {}
            _ => return None,
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    fn add_use(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        let (path, alias) = match tree {
            UseTree::Path(path) => return self.add_use(&with(&path.ident), &path.tree),
            UseTree::Group(group) => return group.items.iter().for_each(|tree| self.add_use(prefix, tree)),
            UseTree::Glob(_) => (prefix.to_vec(), None),
            UseTree::Name(name) if name.ident == "self" => (prefix.to_vec(), prefix.last().cloned()),
            UseTree::Name(name) => (with(&name.ident), Some(name.ident.to_string())),
            UseTree::Rename(rename) => (with(&rename.ident), Some(rename.rename.to_string())),
        };
        if let Some(path) = self.absolute(&path) {
            self.file.imports.push(path.clone());
            self.file.aliases.extend(alias.map(|alias| (alias, path)));
        }
    }
}

impl<'ast> Visit<'ast> for Scope {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Mod(module) if is_test(&module.attrs) => self.file.test_modules.push(module.ident.to_string()),
            Item::Fn(function) if is_test(&function.attrs) => {}
            Item::Impl(implementation) if is_test(&implementation.attrs) => {}
            Item::Use(import) if is_test(&import.attrs) => {}
            item => visit::visit_item(self, item),
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, import: &'ast ItemUse) {
        self.add_use(&[], &import.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let is_local = names.len() > 1 && matches!(names[0].as_str(), "crate" | "self" | "super");
        self.file.imports.extend(self.absolute(&names).filter(|_| is_local));
        visit::visit_path(self, path);
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let is_cfg_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    };
    attributes.iter().any(is_cfg_test)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let file = |(path, text): &(&str, &str)| TrackedFile { path: format!("src/{path}"), text: (*text).to_owned() };
        circles(&files.iter().map(file).collect::<Vec<_>>(), "src/").expect("Rust")
    }

    #[test]
    fn two_files_that_name_each_other_are_a_circle() {
        let a = ("a.rs", "use crate::b::B;\npub struct A;");
        let b = ("b.rs", "pub struct B;\nfn f() { crate::a::A; }");
        assert_eq!(found(&[("lib.rs", "mod a; mod b;"), a, b]), [["src/a.rs", "src/b.rs"]]);
        assert!(found(&[("lib.rs", "mod a; mod b;"), a, ("b.rs", "pub struct B;")]).is_empty());
    }

    #[test]
    fn re_exports_lead_to_the_file_that_defines_the_item() {
        let root = ("lib.rs", "mod a; mod b; pub use b::B; pub use a::A;");
        let (a, b) = (("a.rs", "use crate::B;\npub struct A;"), ("b.rs", "use super::A;\npub struct B;"));
        assert_eq!(found(&[root, a, b]), [["src/a.rs", "src/b.rs"]]);
        assert!(found(&[root, a, ("b.rs", "pub struct B;")]).is_empty());
    }

    #[test]
    fn children_share_the_definitions_of_their_parent_and_grandchildren_do_not() {
        let root = ("lib.rs", "mod a;");
        let parent = ("a/mod.rs", "mod b; pub struct A; fn f() { b::g(); }");
        assert!(found(&[root, parent, ("a/b.rs", "use super::A; pub fn g() {}")]).is_empty());
        let child = ("a/b/mod.rs", "mod c; pub fn g() { c::h(); }");
        let grandchild = ("a/b/c.rs", "use crate::a::A; pub fn h() {}");
        let parent = ("a/mod.rs", "mod b; use b::g; pub struct A;");
        assert_eq!(
            found(&[root, parent, ("a/b/mod.rs", "mod c; use self::c::h; pub fn g() {}"), grandchild]),
            [["src/a/b/c.rs", "src/a/b/mod.rs", "src/a/mod.rs"]]
        );
        assert!(found(&[root, parent, child, ("a/b/c.rs", "pub fn h() {}")]).is_empty());
    }

    #[test]
    fn tests_do_not_count() {
        let a = ("a.rs", "pub struct A;\n#[cfg(test)] mod tests { use crate::b::B; }");
        let b = ("b.rs", "use crate::a::A; pub struct B;");
        assert!(found(&[("lib.rs", "mod a; mod b;"), a, b]).is_empty());
        let laws = ("laws.rs", "use crate::a::A;");
        let a = ("a.rs", "use crate::laws::x; pub struct A;");
        assert!(found(&[("lib.rs", "mod a; #[cfg(test)] mod laws;"), a, laws]).is_empty());
    }
}
