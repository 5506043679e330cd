/**
 * The Talker: from the Thinker's embeddings and hidden states to codes of speech (Qwen2.5-Omni Technical Report, section 2.3). It is
 * a decoder like the Thinker's, and hears every piece of the reply's text one step before it has to say it.
 */
@NullMarked
package omni.talker;

import org.jspecify.annotations.NullMarked;
