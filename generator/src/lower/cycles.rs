//! Types that contain themselves: aliases become newtypes, and fields get boxes.

use super::draft::{Draft, DraftType};
use super::reports::Reports;
use crate::diagnostic::codes;
use crate::model::{Newtype, NewtypeInner, Rules, Shape, Show, Type, TypeId, visit};

/// A draft in which every alias and every choice between alternatives ends: no alias stands for itself, and no union is
/// an alternative of itself.
#[derive(Debug)]
pub struct Finite(Draft);

impl Finite {
    /// Takes the cycles of aliases and of unions out of a draft, and reports those that a document should not have.
    pub fn of(mut draft: Draft, reports: &mut Reports) -> Self {
        open_aliases(&mut draft.types, reports);
        cut_unions(&mut draft.types, reports);
        Self(draft)
    }

    /// Returns the draft.
    pub fn draft(&self) -> &Draft {
        &self.0
    }

    /// Returns the draft, to change types without adding cycles.
    pub fn draft_mut(&mut self) -> &mut Draft {
        &mut self.0
    }

    /// Returns the draft.
    pub fn into_draft(self) -> Draft {
        self.0
    }
}

/// Turns each alias that contains itself through an array or a map into a newtype. An alias of itself describes nothing
/// and becomes untyped.
fn open_aliases(types: &mut [DraftType], reports: &mut Reports) {
    let mut edges = vec![Vec::new(); types.len()];
    for (index, def) in types.iter().enumerate() {
        if let Shape::Alias(ty) = &def.shape
            && let Some(TypeId(target)) = visit::named(ty)
            && matches!(types[target].shape, Shape::Alias(_))
        {
            edges[index].push(target);
        }
    }
    for (index, circular) in circular(&edges).into_iter().enumerate() {
        let def = &mut types[index];
        if let (Some(_), Shape::Alias(ty)) = (circular, &def.shape) {
            def.shape = match ty {
                Type::Array(_) | Type::Map(_) => Shape::Newtype(Newtype {
                    inner: NewtypeInner::Other(ty.clone()),
                    show: Show::Delegate,
                    rules: Rules::default(),
                }),
                _ => {
                    let message = "this schema only refers to itself";
                    let problem = codes::REFERENCE_CIRCLE.at(&def.pointer, message);
                    reports.add(problem.at_key().help("give it a type"));
                    reports.add_untyped(&def.pointer);
                    Shape::Alias(Type::Json)
                }
            };
        }
    }
}

/// Removes an alternative from each cycle of unions that are alternatives of each other, because decoding would never
/// end.
fn cut_unions(types: &mut [DraftType], reports: &mut Reports) {
    let unions = |TypeId(mut at): TypeId| {
        while let Shape::Alias(target) = &types[at].shape {
            at = held(target)?;
        }
        matches!(types[at].shape, Shape::Union(_)).then_some(at)
    };
    let edges: Vec<Vec<Option<usize>>> = types
        .iter()
        .map(|def| match &def.shape {
            Shape::Union(union) => union.variants.iter().map(|variant| unions(TypeId(held(&variant.ty)?))).collect(),
            _ => Vec::new(),
        })
        .collect();
    let circles =
        circular(&edges.iter().map(|targets| targets.iter().copied().flatten().collect()).collect::<Vec<_>>());
    for (index, def) in types.iter_mut().enumerate() {
        let (Some(circle), Shape::Union(union)) = (circles[index], &mut def.shape) else { continue };
        // An alternative that only leads to a later union ends there.
        let leads_back = |target: &usize| circles[*target] == Some(circle) && *target <= index;
        let mut targets = edges[index].iter();
        union.variants.retain(|variant| {
            let is_kept = !targets.next().copied().flatten().as_ref().is_some_and(leads_back);
            if !is_kept {
                let message = format!("the alternative `{}` contains this union again; it is ignored", variant.rust);
                let help = "list the other union's alternatives in one of the two, or wrap one in an object";
                reports.add(codes::UNION_CIRCLE.at(&def.pointer, message).at_key().help(help));
            }
            is_kept
        });
        if union.variants.is_empty() {
            def.shape = Shape::Alias(Type::Json);
        }
    }
}

/// Marks the fields and variants that contain their own type without an array or a map in between.
pub fn add_boxes(finite: &mut Finite) {
    let types = &mut finite.draft_mut().types;
    let targets: Vec<Vec<usize>> = types
        .iter()
        .map(|def| {
            let mut targets = Vec::new();
            match &def.shape {
                Shape::Struct(object) => targets.extend(object.fields.iter().filter_map(|field| held(&field.ty))),
                Shape::Union(union) => targets.extend(union.variants.iter().filter_map(|variant| held(&variant.ty))),
                Shape::Alias(ty) => targets.extend(held(ty)),
                Shape::Enum(_) | Shape::Newtype(_) => {}
            }
            targets
        })
        .collect();
    let circles = circular(&targets);
    for (index, def) in types.iter_mut().enumerate() {
        let Some(circle) = circles[index] else { continue };
        let closes = |ty: &Type| held(ty).is_some_and(|target| circles[target] == Some(circle));
        match &mut def.shape {
            Shape::Struct(object) => object.fields.iter_mut().for_each(|field| field.boxed = closes(&field.ty)),
            Shape::Union(union) => union.variants.iter_mut().for_each(|variant| variant.boxed = closes(&variant.ty)),
            _ => {}
        }
    }
}

/// Returns the named type that a value of this type holds without indirection.
fn held(ty: &Type) -> Option<usize> {
    match ty {
        Type::Named(TypeId(target)) => Some(*target),
        Type::Nullable(inner) => held(inner),
        _ => None,
    }
}

/// Returns the cycle that each node is on: its strongly connected component (Tarjan), unless that is a single node without
/// an edge to itself. It doesn't recurse, because a document can be a chain of any length.
fn circular(edges: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut search = Search {
        order: vec![None; edges.len()],
        low: vec![0; edges.len()],
        open: vec![false; edges.len()],
        stack: Vec::new(),
        circles: vec![None; edges.len()],
        count: 0,
    };
    for start in 0..edges.len() {
        if search.order[start].is_none() {
            search.run(start, edges);
        }
    }
    search.circles
}

struct Search {
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    circles: Vec<Option<usize>>,
    count: usize,
}

impl Search {
    fn enter(&mut self, node: usize) {
        self.order[node] = Some(self.count);
        self.low[node] = self.count;
        self.count += 1;
        self.stack.push(node);
        self.open[node] = true;
    }

    fn run(&mut self, start: usize, edges: &[Vec<usize>]) {
        self.enter(start);
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if let Some(&target) = edges[node].get(*next) {
                *next += 1;
                match self.order[target] {
                    None => {
                        self.enter(target);
                        path.push((target, 0));
                    }
                    Some(order) if self.open[target] => self.low[node] = self.low[node].min(order),
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                self.low[*parent] = self.low[*parent].min(self.low[node]);
            }
            if Some(self.low[node]) == self.order[node] {
                self.close(node, edges);
            }
        }
    }

    fn close(&mut self, root: usize, edges: &[Vec<usize>]) {
        let from = self.stack.iter().rposition(|node| *node == root).expect("the root of a component is on the stack");
        let members = self.stack.split_off(from);
        let is_circle = members.len() > 1 || edges[root].contains(&root);
        for member in members {
            self.open[member] = false;
            self.circles[member] = is_circle.then_some(root);
        }
    }
}
