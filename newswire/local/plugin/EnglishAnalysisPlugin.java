import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * The token filters that Elasticsearch's build for integration tests leaves out, over the Lucene classes it does carry.
 * Names, settings, defaults and results are those of the full distribution, so that one index template serves both.
 */
public final class EnglishAnalysisPlugin extends Plugin implements AnalysisPlugin {

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "stemmer", EnglishAnalysisPlugin::stemmer,
            "asciifolding", EnglishAnalysisPlugin::folding,
            "pattern_capture", AnalysisPlugin.requiresAnalysisSettings(EnglishAnalysisPlugin::capture)
        );
    }

    private static TokenFilterFactory stemmer(IndexSettings index, Environment node, String name, Settings settings) {
        String language = settings.get("language", settings.get("name", "porter"));
        UnaryOperator<TokenStream> filter = switch (language.toLowerCase(Locale.ROOT)) {
            case "english", "porter" -> PorterStemFilter::new;
            case "light_english", "lightenglish", "kstem" -> KStemFilter::new;
            case "minimal_english", "minimalenglish" -> EnglishMinimalStemFilter::new;
            case "possessive_english", "possessiveenglish" -> EnglishPossessiveFilter::new;
            default -> throw new IllegalArgumentException(
                "the local stack has the stemmers english, light_english, minimal_english and possessive_english, not ["
                    + language + "]"
            );
        };
        return new Filter(name, filter);
    }

    private static TokenFilterFactory folding(IndexSettings index, Environment node, String name, Settings settings) {
        return new Folding(name, settings.getAsBoolean("preserve_original", false));
    }

    private static TokenFilterFactory capture(IndexSettings index, Environment node, String name, Settings settings) {
        List<String> regexes = settings.getAsList("patterns", null, false);
        if (regexes == null) {
            throw new IllegalArgumentException("required setting 'patterns' is missing for token filter [" + name + "]");
        }
        Pattern[] patterns = regexes.stream().map(Pattern::compile).toArray(Pattern[]::new);
        boolean preserve = settings.getAsBoolean("preserve_original", true);
        return new Filter(name, tokens -> new PatternCaptureGroupTokenFilter(tokens, preserve, patterns));
    }

    private static class Filter extends AbstractTokenFilterFactory {
        private final UnaryOperator<TokenStream> filter;

        Filter(String name, UnaryOperator<TokenStream> filter) {
            super(name);
            this.filter = filter;
        }

        @Override
        public TokenStream create(TokenStream tokens) {
            return filter.apply(tokens);
        }
    }

    /** Folding also serves in normalizers of keyword fields, which must yield exactly one token: there nothing is preserved. */
    private static final class Folding extends Filter implements NormalizingTokenFilterFactory {
        private final boolean preserve;

        Folding(String name, boolean preserve) {
            super(name, tokens -> new ASCIIFoldingFilter(tokens, preserve));
            this.preserve = preserve;
        }

        @Override
        public TokenStream normalize(TokenStream tokens) {
            return new ASCIIFoldingFilter(tokens, false);
        }

        @Override
        public TokenFilterFactory getSynonymFilter() {
            return preserve ? new Filter(name(), tokens -> new ASCIIFoldingFilter(tokens, false)) : this;
        }
    }
}
