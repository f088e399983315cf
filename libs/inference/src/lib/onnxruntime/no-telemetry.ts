/**
 * onnxruntime for Linux keeps a diary of its sessions in the home folder, with an identity of the device, and sends it to
 * its maker. This turns it off. The library asks the environment of the process when it loads, which a worker thread cannot
 * change: import this first, in the main thread before a worker is started and beside every import of the library.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
