//! Every call is counted before it is answered: for whoever proves who they are by that, for everybody else by address.

use std::sync::Arc;

use http::header;
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, Request, Response};

use crate::auth::{self, Proved};
use crate::door::Shared;
use crate::failure::Failure;
use crate::pace::{self, Counted, Note};
use crate::sessions::address_of;

/// The operations, with the count before them.
pub(crate) struct Counting {
    operations: BoxEndpoint<'static, Response>,
}

impl Counting {
    pub(crate) fn new(operations: BoxEndpoint<'static, Response>) -> Self {
        Self { operations }
    }
}

impl Endpoint for Counting {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let lost = || Failure::Internal("the door lost its state");
        let shared = request.data::<Arc<Shared>>().cloned().ok_or_else(lost)?;
        let note = request.data::<Note>().cloned().ok_or_else(lost)?;
        let address = address_of(&request);
        let proved = auth::prove(&shared, &request).await;
        match &proved {
            Ok(caller) => shared.pace.call(caller.counted(), &note)?,
            Err(failure) => {
                if let Some(network) = pace::network(address) {
                    shared.pace.call(Counted::Network(network), &note)?;
                }
                // A cookie may be of a session that has ended; whoever sends a key means it.
                if matches!(failure, Failure::NotSignedIn) && request.headers().contains_key(header::AUTHORIZATION) {
                    shared.pace.guessed(address)?;
                }
            }
        }
        request.extensions_mut().insert(Proved::new(proved));
        let answered = self.operations.call(request).await;
        if let Err(error) = &answered
            && matches!(error.downcast_ref::<Failure>(), Some(Failure::CodeUnknown))
        {
            shared.pace.guessed(address)?;
        }
        answered
    }
}
