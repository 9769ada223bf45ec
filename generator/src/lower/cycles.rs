//! Types that hold themselves: aliases become newtypes, and fields get boxes.

use super::each;
use crate::diagnostic::Pointer;
use crate::model::{Api, Newtype, NewtypeInner, Rules, Shape, Show, Type, TypeId};

/// Turns each alias that stands for itself through an array or a map into a newtype; one that stands
/// for itself directly says nothing, and becomes untyped.
///
/// Returns the places of those.
pub fn open_aliases(api: &mut Api) -> Vec<Pointer> {
    let mut senseless = Vec::new();
    let mut edges = vec![Vec::new(); api.types.len()];
    for (index, def) in api.types.iter().enumerate() {
        if let Shape::Alias(ty) = &def.shape {
            each::named(ty, &mut |TypeId(target)| {
                if matches!(api.types[target].shape, Shape::Alias(_)) {
                    edges[index].push(target);
                }
            });
        }
    }
    for (index, circular) in circular(&edges).into_iter().enumerate() {
        let def = &mut api.types[index];
        if let (Some(_), Shape::Alias(ty)) = (circular, &def.shape) {
            def.shape = match ty {
                Type::Array(_) | Type::Map(_) => Shape::Newtype(Newtype {
                    inner: NewtypeInner::Other(ty.clone()),
                    show: Show::Delegate,
                    rules: Rules::default(),
                }),
                _ => {
                    senseless.push(def.pointer.clone());
                    Shape::Alias(Type::Json)
                }
            };
        }
    }
    senseless
}

/// Takes an alternative out of each circle of unions in which each is an alternative of the next:
/// nothing that is read would ever end the choice between them.
///
/// Returns the unions that lost one, with the name of what they lost.
pub fn cut_unions(api: &mut Api) -> Vec<(Pointer, String)> {
    let unions = |TypeId(mut at): TypeId| {
        // A circle of aliases alone was opened before.
        while let Shape::Alias(target) = &api.types[at].shape {
            at = held(target)?;
        }
        matches!(api.types[at].shape, Shape::Union(_)).then_some(at)
    };
    let edges: Vec<Vec<Option<usize>>> = api
        .types
        .iter()
        .map(|def| match &def.shape {
            Shape::Union(union) => union.variants.iter().map(|variant| unions(TypeId(held(&variant.ty)?))).collect(),
            _ => Vec::new(),
        })
        .collect();
    let circles =
        circular(&edges.iter().map(|targets| targets.iter().copied().flatten().collect()).collect::<Vec<_>>());
    let mut cut = Vec::new();
    for (index, def) in api.types.iter_mut().enumerate() {
        let (Some(circle), Shape::Union(union)) = (circles[index], &mut def.shape) else { continue };
        // What leads on to a later union alone has an end.
        let leads_back = |target: &usize| circles[*target] == Some(circle) && *target <= index;
        let mut targets = edges[index].iter();
        union.variants.retain(|variant| {
            let is_kept = !targets.next().copied().flatten().as_ref().is_some_and(leads_back);
            if !is_kept {
                cut.push((def.pointer.clone(), variant.rust.as_str().to_owned()));
            }
            is_kept
        });
        if union.variants.is_empty() {
            def.shape = Shape::Alias(Type::Json);
        }
    }
    cut
}

/// Marks the fields and variants that lead back to their own type without an array or a map between.
pub fn add_boxes(api: &mut Api) {
    let targets: Vec<Vec<usize>> = api
        .types
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
    for (index, def) in api.types.iter_mut().enumerate() {
        let Some(circle) = circles[index] else { continue };
        let closes = |ty: &Type| held(ty).is_some_and(|target| circles[target] == Some(circle));
        match &mut def.shape {
            Shape::Struct(object) => object.fields.iter_mut().for_each(|field| field.boxed = closes(&field.ty)),
            Shape::Union(union) => union.variants.iter_mut().for_each(|variant| variant.boxed = closes(&variant.ty)),
            _ => {}
        }
    }
}

/// The type that a value of this type holds within itself.
fn held(ty: &Type) -> Option<usize> {
    match ty {
        Type::Named(TypeId(target)) => Some(*target),
        Type::Nullable(inner) => held(inner),
        _ => None,
    }
}

/// For each node, the circle that it lies on: the strongly connected component (Tarjan), unless that
/// is one node without an edge to itself. Without recursion: a document can be a chain of any length.
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
