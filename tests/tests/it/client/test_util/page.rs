use novamed::{Client, Delivery, Error, ErrorKind, MedicationOrderId, RefillRequest};

/// What the app knows of a refill after it asked for one.
#[derive(Debug, PartialEq)]
pub enum Refill {
    Asked(MedicationOrderId),
    AlreadyAsked,
    FateUnknown,
}

/// Asks for a refill, and never a second time.
pub async fn refill(client: &Client, request: &RefillRequest) -> Result<Refill, Error> {
    match client.create_refill_request(request).await {
        Ok(refill) => Ok(Refill::Asked(refill.medication_order_id)),
        Err(e) if e.kind() == Some(ErrorKind::RefillAlreadyExists) => Ok(Refill::AlreadyAsked),
        Err(e) if e.delivery() == Delivery::Unknown => Ok(Refill::FateUnknown),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use novamed::testing::{Fake, assert_same};
    use novamed::{CreatedRefillRequest, Delivery, ErrorKind, RefillRequest};

    use super::{Refill, refill};

    fn request() -> RefillRequest {
        let id = "00000000-0000-4000-8000-00000000d001".parse().expect("it is an id");
        RefillRequest::builder().medication_request_id(id).build()
    }

    fn created() -> CreatedRefillRequest {
        let id = "00000000-0000-4000-8000-000000000001";
        CreatedRefillRequest::builder()
            .refill_request_id(id.parse::<novamed::RefillRequestId>().expect("it is an id"))
            .medication_order_id(id.parse::<novamed::MedicationOrderId>().expect("it is an id"))
            .build()
    }

    #[tokio::test]
    async fn a_refill_is_asked_for_once() {
        let fake = Fake::new();
        fake.create_refill_request().answers(created());
        let asked = refill(&fake.client(), &request()).await.expect("it is answered");
        assert_eq!(asked, Refill::Asked(created().medication_order_id));
        let [call] = &fake.create_refill_request().calls()[..] else { panic!("it is sent once") };
        assert_same(&call.body(), &request());
    }

    #[tokio::test]
    async fn a_refill_that_exists_is_no_failure() {
        let fake = Fake::new();
        fake.create_refill_request().answers(created()).fails(ErrorKind::RefillAlreadyExists);
        let client = fake.client();
        refill(&client, &request()).await.expect("the first is answered");
        let second = refill(&client, &request()).await.expect("the second is refused");
        assert_eq!(second, Refill::AlreadyAsked);
    }

    #[tokio::test]
    async fn what_may_have_been_done_is_not_done_again() {
        let fake = Fake::new();
        fake.create_refill_request().cuts_after_sending();
        let lost = refill(&fake.client(), &request()).await.expect("the app lives with it");
        assert_eq!(lost, Refill::FateUnknown);
        assert_eq!(fake.create_refill_request().calls().len(), 1);
    }

    #[tokio::test]
    async fn without_a_connection_nothing_was_sent() {
        let fake = Fake::new();
        fake.create_refill_request().cuts_before_sending();
        let error = refill(&fake.client(), &request()).await.expect_err("there is no connection");
        assert_eq!(error.delivery(), Delivery::NotSent);
    }
}
