//! Each IdP's conversation passes in full.

use directory_sync::conversation::{Player, steps};
use domain::Idp;
use store::testing::On;

use crate::on_both;
use crate::server::Server;

async fn passes(on: On, idp: Idp) {
    let server = Server::start(on).await;
    let tenant = server.tenant("acme");
    let mut player = Player::new(tenant.address(), "r1");
    let steps = steps(idp).unwrap();
    assert!(steps.len() > 30);
    let mut wrong = Vec::new();
    for step in &steps {
        if let Some(why) = player.play(step).await.unwrap() {
            wrong.push(format!("{}: {why}", step.step));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

on_both! {
    async fn entra(on) {
        passes(on, Idp::Entra).await;
    }

    async fn okta(on) {
        passes(on, Idp::Okta).await;
    }

    async fn onelogin(on) {
        passes(on, Idp::OneLogin).await;
    }

    async fn jumpcloud(on) {
        passes(on, Idp::JumpCloud).await;
    }

    async fn a_standard_client(on) {
        passes(on, Idp::Other).await;
    }
}
