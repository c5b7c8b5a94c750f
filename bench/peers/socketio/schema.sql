CREATE TABLE participant (
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    read_up_to bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX participant_user ON participant (user_id);
CREATE TABLE message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    sender_id bigint NOT NULL,
    content text NOT NULL,
    ref text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX message_in_conversation ON message (conversation_id, id);
