using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using NextItem.Hosting.Models;
using NextItem.Server.Answering;
using NextItem.Server.Catalog;
using NextItem.Server.Contract;
using NextItem.Server.Rules;
using NextItem.Server.Settings;
using NextItem.Server.Telemetry;

namespace NextItem.Server.Routes;

/// <summary><c>/v1/items</c>: what the shop tells about its items, and items like one item.</summary>
internal sealed partial class ItemRoutes(ModelVariants models, ItemFactsStore facts, RulesHolder rules, ILogger<ItemRoutes> log)
{
    private const int KeyPart = 2;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPut("/v1/items", (Delegate)PutAsync)
            .Describe<ItemsRequest, ItemsAnswer>("Tells titles, categories and availability of items");
        app.MapGet("/v1/items", (Delegate)Search)
            .Describe<FoundAnswer>("Items whose key or title has a text in it").WithQuery("search", JsonSchemaType.String).WithQuery("numResults", JsonSchemaType.Integer);
        app.MapGet("/v1/items/{key}/similar", (Delegate)Similar)
            .Describe<SimilarAnswer>("Items like one item").WithPathId("key").WithQuery("numResults", JsonSchemaType.Integer).WithQuery("sessionId", JsonSchemaType.String).WithQuery("visitorId", JsonSchemaType.String);
    }

    private async Task<IResult> PutAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, ContractJson.Plain.ItemsRequest);
        var faults = new RequestFaults();
        if (request.Items is not { Length: > 0 })
            faults.Add("items is missing or empty; expected at least one item.");
        else if (request.Items.Length > RequestLimits.ListEntries)
            faults.Add($"items has {request.Items.Length} entries; expected {RequestLimits.ListEntries} at most.");
        else
            Check(request.Items, faults);
        faults.Throw();

        try
        {
            facts.Put(request.Items!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(log, e.Message);
            throw new RequestException(StatusCodes.Status503ServiceUnavailable, "items-not-kept", "The items hold, but the file that keeps them over restarts cannot be written (the log says why): send them again.");
        }

        using var lease = models.Lease(null);
        var unknown = request.Items!.Count(item => lease.Model.Catalog.IndexOf(item!.ItemId) == ItemCatalog.UnknownItem);
        return TypedResults.Json(new ItemsAnswer(request.Items!.Length, unknown), ContractJson.Plain.ItemsAnswer);
    }

    private static void Check(ItemRequest?[] items, RequestFaults faults)
    {
        for (var i = 0; i < items.Length; i++)
        {
            faults.CheckId($"items[{i}].itemId", items[i]?.ItemId);
            if (items[i]?.Title is { Length: > RequestLimits.TextLength } title)
                faults.Add($"items[{i}].title has {title.Length} characters; expected {RequestLimits.TextLength} at most.");
            faults.CheckIds($"items[{i}].categories", items[i]?.Categories, RequestLimits.Categories);
        }
    }

    private JsonHttpResult<SimilarAnswer> Similar(HttpContext context)
    {
        var key = RequestBody.PathPart(context, KeyPart);
        var count = Count(context.Request.Query, "numResults", "sessionId", "visitorId");
        var parameters = context.Request.Query;
        using var lease = models.Lease(parameters.TryGetValue("sessionId", out var session) ? session.ToString() : parameters.TryGetValue("visitorId", out var visitor) ? visitor.ToString() : null, context);
        var (model, catalog) = (lease.Model, lease.Model.Catalog);
        if (catalog.IndexOf(key) == ItemCatalog.UnknownItem)
            throw new RequestException(404, "unknown-item", $"The model does not know the item '{(key.Length > 50 ? key[..50] + "..." : key)}'; it knows {catalog.Count} items.");
        var standing = rules.For(catalog);
        try
        {
            // As many more as may not be shown.
            var wanted = (int)Math.Min(count + (long)standing.HiddenCount, catalog.Count);
            var items = model.Recommender.Similar(key, wanted)
                .Where(item => standing.Allowed?.Allows(catalog.IndexOf(item.ItemKey)) != false)
                .Take(count)
                .Select(item => new SimilarItem(item.ItemKey, item.Score, facts[item.ItemKey].Title));
            return TypedResults.Json(new SimilarAnswer(key, ListMaker.Name(model), [.. items]), ContractJson.Plain.SimilarAnswer);
        }
        catch (NotSupportedException e)
        {
            throw new RequestException(StatusCodes.Status409Conflict, "no-item-vectors", e.Message);
        }
    }

    /// <summary>The most popular of the items found; everything is found by an empty text.</summary>
    private JsonHttpResult<FoundAnswer> Search(HttpContext context)
    {
        var count = Count(context.Request.Query, "numResults", "search");
        var text = context.Request.Query["search"].ToString();
        using var lease = models.Lease(null);
        var catalog = lease.Model.Catalog;
        var found = new PriorityQueue<int, (int Support, int Index)>(count + 1);
        for (var item = 0; item < catalog.Count; item++)
        {
            // Only those more popular than the least popular one found are looked at: keys are text only on demand.
            var rank = (catalog.Support[item], -item);
            if (found.Count == count && rank.CompareTo(Least(found)) < 0)
                continue;
            var key = catalog.KeyOf(item);
            if (!key.Contains(text, StringComparison.OrdinalIgnoreCase) && facts[key].Title?.Contains(text, StringComparison.OrdinalIgnoreCase) != true)
                continue;
            found.Enqueue(item, rank);
            if (found.Count > count)
                found.Dequeue();
        }

        var items = found.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => catalog.KeyOf(item.Element))
            .Select(key => new FoundItem(key, facts[key].Title, facts[key].Categories, facts[key].IsAvailable));
        return TypedResults.Json(new FoundAnswer([.. items]), ContractJson.Plain.FoundAnswer);

        static (int Support, int Index) Least(PriorityQueue<int, (int Support, int Index)> found) => found.TryPeek(out _, out var least) ? least : default;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "what was told of items would be lost by a restart, their file cannot be written: {Reason}")]
    private static partial void LogNotKept(ILogger log, string reason);

    private static int Count(IQueryCollection parameters, params string[] names)
    {
        var faults = new RequestFaults();
        foreach (var name in parameters.Keys.Where(name => !names.Contains(name, StringComparer.Ordinal)))
            faults.Add($"There is no parameter '{name}'; expected of {string.Join(", ", names)}.");
        var count = RequestLimits.DefaultNumResults;
        if (parameters.TryGetValue("numResults", out var text)
            && (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > RequestLimits.NumResults))
            faults.Add($"numResults is '{text}'; expected 1 to {RequestLimits.NumResults}.");
        faults.Throw();
        return count;
    }
}
