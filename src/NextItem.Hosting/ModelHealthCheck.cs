using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NextItem.Hosting;

/// <summary>Healthy, or degraded while a newer model file is there that was refused.</summary>
internal sealed class ModelHealthCheck(LiveRecommender recommender) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var model = recommender.Model;
        var facts = new Dictionary<string, object>
        {
            ["version"] = model.Version,
            ["loadedAt"] = model.LoadedAt.ToString("O", CultureInfo.InvariantCulture),
        };
        if (model.TrainedUntil is { } trainedUntil)
            facts["trainedUntil"] = trainedUntil;
        return Task.FromResult(model.Refused is { } refused
            ? HealthCheckResult.Degraded($"model {model.Version} serves; a newer file was refused: {refused.Detail}", data: facts)
            : HealthCheckResult.Healthy($"model {model.Version} serves", facts));
    }
}
