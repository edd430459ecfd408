//! A tool as its expansion sees it: names and words resolved, parameters told apart.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{FnArg, Receiver};

use super::keys::{Keys, wrong_name};
use super::param::{Argument, Kind, Param, is_arg, param};
use crate::attr::{Errors, description};
use crate::function::Function;
use crate::variants::Holds;

/// A function that is a tool.
pub(crate) struct Tool<'a> {
    pub(crate) function: &'a Function,
    pub(crate) keys: Keys,
    pub(crate) name: String,
    pub(crate) description: TokenStream,
    pub(crate) receiver: Option<&'a Receiver>,
    pub(crate) params: Vec<Param<'a>>,
}

impl<'a> Tool<'a> {
    /// Reads a function with what its attribute says.
    pub(crate) fn of(function: &'a Function, keys: Keys, cx: &Errors) -> Self {
        let ident = &function.sig.ident;
        let name = match keys.name.get() {
            Some(name) => name.value(),
            None => {
                let name = ident.unraw().to_string();
                if let Some(wrong) = wrong_name(&name)
                    && !keys.name.is_given()
                {
                    cx.error(ident, wrong);
                }
                name
            }
        };
        let description = match keys.description.get() {
            Some(text) => text.to_token_stream(),
            None => description(&function.attrs).unwrap_or_else(|| {
                if !keys.description.is_given() {
                    cx.error(
                        ident,
                        format_args!(
                            "the tool `{name}` has no description, so a model cannot know when to call it; write a doc comment: `/// What it does.`"
                        ),
                    );
                }
                quote::quote!("")
            }),
        };
        let mut receiver = None;
        let mut params = Vec::new();
        for input in &function.sig.inputs {
            match input {
                FnArg::Receiver(found) => {
                    for attr in found.attrs.iter().filter(|attr| is_arg(attr)) {
                        cx.error(
                            attr,
                            "`self` is not an argument: the model never sees it; remove `#[arg]`",
                        );
                    }
                    receiver = Some(found);
                }
                FnArg::Typed(typed) => params.extend(param(typed, cx)),
            }
        }
        Self {
            function,
            keys,
            name,
            description,
            receiver,
            params,
        }
    }

    /// Whether its body may wait.
    pub(crate) fn is_async(&self) -> bool {
        self.function.sig.asyncness.is_some()
    }

    /// Whether its results come from elsewhere, so that there is nothing to call.
    pub(crate) fn is_external(&self) -> bool {
        self.keys.external.is_given()
    }

    /// Whether a list of tools is asked to check its arguments without calling it.
    pub(crate) fn is_checked(&self) -> bool {
        let keys = &self.keys;
        keys.external.is_given() || keys.confirm.is_given() || keys.retries.is_given()
    }

    /// Whether it runs on a thread that may block.
    pub(crate) fn is_blocking(&self) -> bool {
        self.keys.blocking.is_given()
    }

    /// Where its name is written.
    pub(crate) fn name_span(&self) -> Span {
        match self.keys.name.get() {
            Some(name) => name.span(),
            None => self.function.sig.ident.span(),
        }
    }

    /// The parameters that the model fills in.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Argument<'a>> {
        self.params.iter().filter_map(|param| match &param.kind {
            Kind::Argument(argument) => Some(&**argument),
            Kind::Context(_) => None,
        })
    }

    /// Leaves out the parameters whose conditions do not hold.
    pub(crate) fn retain(&mut self, holds: Holds<'_>) {
        self.params.retain(|param| holds.includes(param.attrs));
    }
}
