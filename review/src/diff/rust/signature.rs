//! What has to be the same for a method to be the same one.
//!
//! A builder has a type parameter for each required field, which its setters fill in: `dob` of `PetBuilder<F0, F1>`
//! returns `PetBuilder<F0, Set>`. Another required field renumbers all of them, and no chain of calls notices; the type
//! and its `build` tell what is required now. So a setter is one that returns its own type, whatever the parameters.

use quote::{ToTokens, quote};
use syn::{FnArg, PathArguments, ReceiverKind, ReturnType, Signature, Type};

use super::text;

/// Returns what a method of a type has to keep, and what it takes: both without the names of arguments, which no caller
/// writes.
pub fn key(signature: &Signature, ty: &Type) -> (String, Vec<String>) {
    let receiver = signature.inputs.first().and_then(|input| match input {
        // `mut self` is the method's own business.
        FnArg::Receiver(receiver) if matches!(receiver.kind, ReceiverKind::Value) => Some(quote!(self)),
        FnArg::Receiver(receiver) => Some(receiver.to_token_stream()),
        FnArg::Typed(_) => None,
    });
    let arguments = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(text::of(&typed.ty)),
        FnArg::Receiver(_) => None,
    });
    let name = &signature.ident;
    let output = match &signature.output {
        ReturnType::Type(_, output) if is_same_builder(output, ty) => quote!(-> Self),
        output => output.to_token_stream(),
    };
    let (constness, asyncness) = (&signature.constness, &signature.asyncness);
    let (parameters, bounds) = (&signature.generics.params, &signature.generics.where_clause);
    let key = text::of(&quote!(#constness #asyncness fn #name <#parameters> (#receiver) #output #bounds));
    (key, arguments.collect())
}

/// Whether a method returns the builder that it is a method of, in another state.
fn is_same_builder(output: &Type, ty: &Type) -> bool {
    let (Type::Path(output), Type::Path(ty)) = (output, ty) else { return false };
    let (Some(output), Some(ty)) = (output.path.segments.last(), ty.path.segments.last()) else { return false };
    output.ident == ty.ident && are_states(&output.arguments)
}

/// Whether the arguments of a type are states alone: `F0` and so on, and `Set`.
fn are_states(arguments: &PathArguments) -> bool {
    let PathArguments::AngleBracketed(arguments) = arguments else { return false };
    let is_number = |text: &str| text.parse::<usize>().is_ok();
    let is_state = |word: &str| word == "Set" || word.strip_prefix('F').is_some_and(is_number);
    arguments.args.iter().all(|argument| is_state(&text::of(argument)))
}

/// Whether a method that takes these takes all that one did which took those: a value, where it takes an `Option` of one
/// now. A call whose argument is inferred may have to say more; Cargo calls such a change a minor one.
pub fn takes_all(new: &[String], old: &[String]) -> bool {
    let takes = |(new, old): (&String, &String)| {
        let is_optional = || ["Into<Option<", "Into<Optional<"].iter().any(|of| is_of(new, of, old));
        new == old || is_optional()
    };
    new.len() == old.len() && new.iter().zip(old).all(takes)
}

/// Whether a text is `impl OF…INNER>`.
fn is_of(text: &str, of: &str, inner: &str) -> bool {
    let rest =
        text.strip_prefix("impl ").and_then(|rest| rest.strip_prefix(of)).and_then(|rest| rest.strip_prefix(inner));
    rest.is_some_and(|rest| rest.bytes().all(|byte| byte == b'>'))
}
