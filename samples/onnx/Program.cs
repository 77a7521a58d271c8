using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

// dotnet run -- shop.sessions.onnx SHOE-0001 SHOE-0002
using var network = new InferenceSession(args[0]);
var keys = JsonSerializer.Deserialize<string[]>(network.ModelMetadata.CustomMetadataMap["item_keys"])!;
var items = Array.ConvertAll(args[1..], key => (long)Array.IndexOf(keys, key)); // -1: unknown, passed over

using var sessions = OrtValue.CreateTensorValueFromMemory(items, [1, items.Length]);
using var run = new RunOptions();
using var answer = network.Run(run, ["sessions"], [sessions], ["items", "scores"]);
var best = answer[0].GetTensorDataAsSpan<long>();
var scores = answer[1].GetTensorDataAsSpan<float>();
for (var i = 0; i < best.Length && best[i] >= 0; i++)
    Console.WriteLine($"{keys[best[i]]}\t{scores[i]:F3}");
