//! Sixteen clients at once.

use futures_util::future::join_all;
use serde_json::json;

use crate::on_both;
use crate::server::Server;

on_both! {
    async fn sixteen_creates_of_one_name_have_one_winner(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let body = json!({ "userName": "ada@acme.test" });
        let answers = join_all((0..16).map(|_| tenant.send("POST", "/Users", Some(body.clone())))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(201), count(409)), (1, 15));
        let loser = answers.iter().find(|answer| answer.status == 409).unwrap().body.clone().unwrap();
        assert_eq!(loser["scimType"], "uniqueness");
        let winner = answers.iter().find(|answer| answer.status == 201).unwrap().body.clone().unwrap();
        assert!(loser["detail"].as_str().unwrap().contains(winner["id"].as_str().unwrap()));
    }

    async fn sixteen_clients_add_different_members_and_none_is_lost(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        let group = tenant.send("POST", "/Groups", Some(json!({ "displayName": "Engineers" }))).await.body.unwrap();
        let path = format!("/Groups/{}", group["id"].as_str().unwrap());
        let people = join_all((0..16).map(|i| { let tenant = &tenant; async move { tenant.person(&format!("p{i}")).await } })).await;
        let adds = people.iter().map(|id| {
            let body = json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": id }] }] });
            tenant.send("PATCH", &path, Some(body))
        });
        assert!(join_all(adds).await.iter().all(|answer| answer.status == 200));
        let after = tenant.send("GET", &path, None).await;
        assert_eq!(after.header("etag"), Some("W/\"17\""));
        let members = after.body.unwrap()["members"].as_array().unwrap().len();
        assert_eq!(members, 16);
    }
}
