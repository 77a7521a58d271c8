using System.Text.Json;
using NextItem.Data;
using NextItem.Server.Contract;

namespace NextItem.Server.Catalog;

/// <summary>The file that keeps what the shop told: JSON in the layout of <c>PUT /v1/items</c>.</summary>
internal static class ItemsFile
{
    /// <summary>Reads the items.</summary>
    /// <exception cref="ItemsFileException">It is no such file.</exception>
    public static IReadOnlyList<ItemRequest> Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var items = JsonSerializer.Deserialize(stream, ContractJson.Plain.ItemsRequest)?.Items;
            if (items is null)
                throw new ItemsFileException($"{path}: there is no list 'items'; expected {{\"items\": [{{\"itemId\": ...}}]}}.");
            for (var i = 0; i < items.Length; i++)
            {
                if (string.IsNullOrEmpty(items[i]?.ItemId))
                    throw new ItemsFileException($"{path}: items[{i}] has no itemId.");
            }

            return items!;
        }
        catch (JsonException e)
        {
            throw new ItemsFileException($"{path}: {BodyFault.Of(e, ContractJson.Plain.ItemsRequest)}", e);
        }
    }

    /// <summary>Writes the items aside and renames: either the old file is there or the new one.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, ItemFacts>> facts) => AtomicFile.Write(path, stream =>
    {
        var items = facts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ItemRequest
        {
            ItemId = pair.Key,
            Title = pair.Value.Title,
            Categories = pair.Value.Categories.Count == 0 ? null : [.. pair.Value.Categories],
            Available = pair.Value.IsAvailable ? null : false,
        });
        JsonSerializer.Serialize(stream, new ItemsRequest { Items = [.. items] }, ContractJson.Plain.ItemsRequest);
    });
}
