"use strict";

// The page's end of the connection to package gonbui: globalThis.gonb_comm, with the
// functions that gonbui's own scripts, and those of its users, call.
(() => {
    globalThis.gonb_comm?.close(1000, "another one takes its place");

    // Where the server is, and by which token it knows the page.
    let config = {};
    try {
        config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    } catch (_) {
        config = {baseUrl: document.body?.dataset?.baseUrl};
    }
    const server = new URL(config.wsUrl || config.baseUrl || "/", document.location.href);
    server.protocol = server.protocol.replace("http", "ws");
    const channels = new URL("api/kernels/{{.KernelID}}/channels", server.href.replace(/\/?$/, "/"));
    if (config.token) channels.searchParams.set("token", config.token);

    const id = () => globalThis.crypto?.randomUUID?.() ?? Array.from({length: 4}, () => Math.random().toString(16).slice(2)).join("-");
    const socket = new WebSocket(channels);
    const subscribers = new Map(); // address -> Map(symbol -> callback)
    const addresses = new Map(); // symbol -> address
    const variables = new Map(); // address -> variable
    const commID = id();
    let closed = false;
    let acknowledged;

    function post(type, content) {
        const msgID = id();
        socket.send(JSON.stringify({
            channel: "shell", msg_id: msgID, msg_type: type, content, metadata: {}, parent_header: {},
            header: {msg_id: msgID, msg_type: type, session: commID, username: "", version: "5.3", date: new Date().toISOString()},
        }));
    }

    const gonb_comm = {
        debug: false,

        // send gives the kernel a value under an address.
        send(address, value) {
            this._is_connected.then(() => post("comm_msg", {comm_id: commID, data: {address, value}}),
                (err) => console.error(`gonb_comm: cannot send to ${address}: ${err.message}`));
        },

        // subscribe has callback(address, value) called for what the kernel sends.
        subscribe(address, callback) {
            const key = Symbol(address);
            if (!subscribers.has(address)) subscribers.set(address, new Map());
            subscribers.get(address).set(key, callback);
            addresses.set(key, address);
            return key;
        },

        unsubscribe(key) {
            const address = addresses.get(key);
            addresses.delete(key);
            subscribers.get(address)?.delete(key);
            if (!subscribers.get(address)?.size) subscribers.delete(address);
        },

        // newSyncedVariable is a value that the page and the kernel both know.
        newSyncedVariable(address, value) {
            const known = variables.get(address);
            if (known) {
                known.set(value);
                return known;
            }
            return new Variable(address, value);
        },

        close(code, reason) {
            closed = true;
            if (globalThis.gonb_comm === this) delete globalThis.gonb_comm;
            socket.close(code ?? 1000, String(reason ?? ""));
        },
    };

    class Variable {
        #address;
        #value = null;
        #callbacks = new Map();

        constructor(address, value) {
            this.#address = address;
            variables.set(address, this);
            gonb_comm.subscribe(address, (_, value) => this.#take(value));
            this.set(value);
        }

        #take(value) {
            if (value === this.#value) return false;
            this.#value = value;
            for (const callback of this.#callbacks.values()) callback(value);
            return true;
        }

        get() { return this.#value; }

        set(value) {
            if (this.#take(value)) gonb_comm.send(this.#address, value);
        }

        subscribe(callback) {
            const key = Symbol(this.#address);
            this.#callbacks.set(key, callback);
            return key;
        }

        unsubscribe(key) { this.#callbacks.delete(key); }
    }

    function receive(data) {
        const address = data?.address;
        if (gonb_comm.debug) console.log("gonb_comm: received", data);
        if (address === "#comm_open_ack") {
            acknowledged?.();
        } else if (address === "#heartbeat/ping") {
            gonb_comm.send("#heartbeat/pong", true);
        } else if (data?.read_request) {
            const known = variables.get(address);
            if (known) gonb_comm.send(address, known.get());
        } else {
            for (const callback of [...(subscribers.get(address)?.values() ?? [])]) {
                try {
                    callback(address, data.value);
                } catch (err) {
                    console.error(`gonb_comm: a subscriber of ${address} failed`, err);
                }
            }
        }
    }

    socket.onmessage = (event) => {
        if (closed || typeof event.data !== "string") return; // another comm's buffers
        const message = JSON.parse(event.data);
        if (message.content?.comm_id !== commID) return;
        if (message.msg_type === "comm_msg") receive(message.content.data);
        if (message.msg_type === "comm_close") gonb_comm.close(1000, "closed by the kernel");
    };
    socket.onclose = () => gonb_comm.close();

    gonb_comm._is_connected = new Promise((resolve, reject) => {
        acknowledged = resolve;
        socket.onopen = () => post("comm_open", {comm_id: commID, target_name: "gonb_comm", kernel_id: "{{.KernelID}}", data: {}});
        socket.onerror = () => reject(new Error("the server does not take the connection"));
        setTimeout(() => reject(new Error("the kernel does not answer")), 10000);
    });
    gonb_comm._is_connected.catch((err) => {
        console.error(`gonb_comm: ${err.message}`);
        gonb_comm.close(1000, err.message);
    });
    globalThis.gonb_comm = gonb_comm;
})();
