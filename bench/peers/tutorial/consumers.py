"""The tutorial's ChatConsumer, with what it says saved first: the person, the conversation, the row."""

import json
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from .models import Conversation, Message, Person


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.conversation_id = self.scope["url_route"]["kwargs"]["conversation"]
        self.person_id = int(parse_qs(self.scope["query_string"].decode())["user"][0])
        self.group = f"chat_{self.conversation_id}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data):
        data = json.loads(text_data)
        if "read" in data:
            await self.mark_read(data["read"])
            event = {"type": "chat.read", "id": data["read"]}
        else:
            person = await self.get_person()
            conversation = await self.get_conversation()
            message = await self.save(conversation, person, data)
            event = {
                "type": "chat.message",
                "id": message.pk,
                "sender": person.pk,
                "ref": message.ref,
                "message": message.content,
            }
        await self.channel_layer.group_send(self.group, event)

    @database_sync_to_async
    def get_person(self):
        return Person.objects.get(pk=self.person_id)

    @database_sync_to_async
    def get_conversation(self):
        return Conversation.objects.get(pk=self.conversation_id, people=self.person_id)

    @database_sync_to_async
    def save(self, conversation, person, data):
        return Message.objects.create(conversation=conversation, sender=person, content=data["message"], ref=data["ref"])

    @database_sync_to_async
    def mark_read(self, message_id):
        unread = Message.objects.filter(conversation=self.conversation_id, pk__lte=message_id, is_read=False)
        unread.exclude(sender=self.person_id).update(is_read=True)

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({name: event[name] for name in ("id", "sender", "ref", "message")}))

    async def chat_read(self, event):
        await self.send(text_data=json.dumps({"id": event["id"]}))
