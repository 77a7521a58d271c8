using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NextItem;
using NextItem.Hosting;
using NextItem.Hosting.Metrics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds NextItem to an application of any kind, web or not.</summary>
public static class NextItemServices
{
    /// <summary>
    /// Adds a <see cref="LiveRecommender"/>, which takes in new model files, a health check named <c>nextitem</c>, and metrics under the meter
    /// <c>NextItem</c>. The model is loaded when the host starts, or with the first use where there is no host.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="modelPath">The model file.</param>
    /// <param name="configure">Changes the options; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <remarks>A model file that cannot be used fails the start with a <see cref="ModelFileException"/>; later, the model before it goes on.</remarks>
    public static IServiceCollection AddNextItem(this IServiceCollection services, string modelPath, Func<NextItemOptions, NextItemOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(modelPath);
        var options = new NextItemOptions { ModelPath = modelPath };
        options = configure?.Invoke(options) ?? options;
        options.Validate();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics().AddHealthChecks().AddCheck<ModelHealthCheck>("nextitem");
        return services
            .AddSingleton(options)
            .AddSingleton<RecommenderMetrics>()
            .AddSingleton(provider => new LiveRecommender(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<RecommenderMetrics>()))
            .AddHostedService(provider => new ModelWatcher(
                options,
                provider.GetRequiredService<LiveRecommender>().Models,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ModelWatcher>>(),
                provider.GetRequiredService<RecommenderMetrics>()));
    }
}
