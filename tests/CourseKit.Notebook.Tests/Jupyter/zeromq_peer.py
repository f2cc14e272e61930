"""A real ZeroMQ on the other side. Usage: zeromq_peer.py ROUTER PUBLISHER REPLY IPC_ROUTER (endpoints)

The router sends every message back; one that begins with "publish" has its other frames published instead.
"""

import sys
import time

import zmq
from zmq.utils.monitor import recv_monitor_message

ROUTER, PUBLISHER, REPLY, IPC_ROUTER = sys.argv[1:]
PATIENCE = 30_000
context = zmq.Context()


def connect(kind, endpoint, **options):
    socket = context.socket(kind)
    socket.linger = 0
    socket.rcvtimeo = PATIENCE
    for name, value in options.items():
        setattr(socket, name, value)
    socket.connect(endpoint)
    return socket


def echoes(socket, frames):
    socket.send_multipart(frames)
    got = socket.recv_multipart()
    assert got == frames, f"{len(got)} frames of {[len(frame) for frame in got][:10]} bytes came back"


def dealers_of_every_kind_get_what_they_sent():
    for endpoint in (ROUTER, IPC_ROUTER):
        for options in ({}, {"identity": b"a name"}, {"identity": b"\xff" * 255}):
            dealer = connect(zmq.DEALER, endpoint, **options)
            for length in (0, 1, 255, 256, 65536, 5_000_000):
                echoes(dealer, [b"x" * length])
            echoes(dealer, [str(number).encode() * (number % 300) for number in range(500)])
            dealer.close()


def many_messages_come_back_in_order():
    dealer = connect(zmq.DEALER, ROUTER)
    for number in range(5000):
        dealer.send(b"%d" % number)
    for number in range(5000):
        assert dealer.recv() == b"%d" % number
    dealer.close()


def a_request_is_answered_by_router_and_reply():
    for endpoint in (ROUTER, REPLY):
        request = connect(zmq.REQ, endpoint)
        for text in (b"", b"ping", b"x" * 100_000):
            echoes(request, [text, b"second"])
        request.close()


def a_peer_that_comes_back_under_its_name_is_known():
    for _ in range(20):
        dealer = connect(zmq.DEALER, ROUTER, identity=b"the same")
        echoes(dealer, [b"again"])
        dealer.close()


def a_peer_that_sends_pings_stays_connected():
    dealer = connect(zmq.DEALER, ROUTER, heartbeat_ivl=50, heartbeat_timeout=600000, heartbeat_ttl=600000)
    monitor = dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    echoes(dealer, [b"before"])
    time.sleep(1.5)
    assert not monitor.poll(0), "the connection was lost"
    echoes(dealer, [b"after"])
    dealer.disable_monitor()
    dealer.close()


def subscribers_get_their_topics():
    dealer = connect(zmq.DEALER, ROUTER)
    subscriber = connect(zmq.SUB, PUBLISHER)
    everything = connect(zmq.XSUB, PUBLISHER)
    everything.send(b"\x01")
    subscriber.subscribe(b"a")

    def publish(topic, body):
        dealer.send_multipart([b"publish", topic, body])

    def wait(socket, topic):
        """Publishes until a subscription has arrived."""
        socket.rcvtimeo = 20
        for _ in range(1000):
            publish(topic, b"?")
            try:
                while True:
                    if socket.recv_multipart()[0] == topic:
                        return
            except zmq.Again:
                continue
        raise AssertionError("the subscription never arrived")

    wait(subscriber, b"a1")
    wait(everything, b"a1")
    subscriber.subscribe(b"b")
    wait(subscriber, b"b1")
    subscriber.unsubscribe(b"a")
    subscriber.subscribe(b"c")
    wait(subscriber, b"c1")
    subscriber.rcvtimeo = everything.rcvtimeo = PATIENCE
    publish(b"a2", b"not wanted")
    publish(b"b2", b"x" * 3_000_000)
    while (got := subscriber.recv_multipart())[1] == b"?":
        pass
    assert (got[0], len(got[1])) == (b"b2", 3_000_000), got[0]
    while (got := everything.recv_multipart())[0] != b"b2":
        assert got[0] in (b"a1", b"a2", b"b1", b"c1"), got
    for socket in (dealer, subscriber, everything):
        socket.close()


def a_peer_of_the_wrong_kind_is_refused():
    pull = context.socket(zmq.PULL)
    pull.linger = 0
    monitor = pull.get_monitor_socket(zmq.EVENT_ALL)
    pull.connect(ROUTER)
    events = set()
    while not events & {zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, zmq.EVENT_DISCONNECTED}:
        assert monitor.poll(PATIENCE), events
        events.add(recv_monitor_message(monitor)["event"])
    assert zmq.EVENT_HANDSHAKE_SUCCEEDED not in events
    pull.disable_monitor()
    pull.close()


for test in (
    dealers_of_every_kind_get_what_they_sent,
    many_messages_come_back_in_order,
    a_request_is_answered_by_router_and_reply,
    a_peer_that_comes_back_under_its_name_is_known,
    a_peer_that_sends_pings_stays_connected,
    subscribers_get_their_topics,
    a_peer_of_the_wrong_kind_is_refused,
):
    test()
    print(test.__name__, flush=True)
